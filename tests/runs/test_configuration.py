from kgan.runs.configuration import changes


def test_changes_are_named_by_path():
    old = {"a": 1, "table": {"b": 2, "c": 3}}
    assert changes(old, {"a": 1, "table": {"b": 2}}) == {}
    assert changes(old, {"a": 5, "table": {"b": 9, "new": 0}}) == {
        "a": "a: 1 -> 5",
        "table.b": "table.b: 2 -> 9",
        "table.new": "table.new: None -> 0",
    }
