import pytest

from kgan._core.errors import invalid, printable
from kgan._core.writing import to_json


@pytest.mark.parametrize(
    "sign", ["\x1b", "\x07", "\x9b", "\u202e", "\ud800", "\r", "\x7f"]
)
def test_what_a_terminal_obeys_is_shown(sign):
    assert printable(f"a{sign}b\n").startswith("a\\") and printable("é ✓") == "é ✓"
    assert printable(f"a{sign}b\n").endswith("b\n")
    if sign != "\x7f":
        to_json({sign: sign}).encode("utf-8").decode("ascii")


def test_json_keeps_letters_of_every_language():
    assert to_json({"name": "Größe"}) == '{\n  "name": "Größe"\n}'


def test_messages_do_not_repeat_long_values():
    assert len(str(invalid("A rule.", {"x": "y" * 10**6}, "A fix."))) < 3000
