import os

import pytest

from kgan_export.replacement import check_target, replace, size_of


@pytest.fixture
def scratch(tmp_path):
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


def make_folder(path, content):
    path.mkdir()
    (path / "saved_model.pb").write_text(content)
    return path


def test_a_file_takes_the_place_of_a_file(tmp_path, scratch):
    new, target = scratch / "new", tmp_path / "target"
    new.write_text("new")
    target.write_text("old")
    replace(new, target, scratch)
    assert target.read_text() == "new"
    assert os.listdir(scratch) == []


@pytest.mark.parametrize("exists", [True, False])
def test_a_folder_takes_the_place_of_a_folder(tmp_path, scratch, exists):
    new, target = make_folder(scratch / "new", "new"), tmp_path / "target"
    if exists:
        make_folder(target, "old")
    replace(new, target, scratch)
    assert (target / "saved_model.pb").read_text() == "new"


def test_the_old_folder_comes_back_if_the_new_one_cannot_be_moved(tmp_path, scratch):
    target = make_folder(tmp_path / "target", "old")
    with pytest.raises(FileNotFoundError):
        replace(scratch / "missing", target, scratch)
    assert (target / "saved_model.pb").read_text() == "old"


def test_only_exports_may_be_replaced(tmp_path):
    file, model = tmp_path / "file", make_folder(tmp_path / "model", "")
    file.touch()
    check_target(tmp_path / "free")
    check_target(tmp_path / "free", "saved_model.pb")
    check_target(file)
    check_target(model, "saved_model.pb")
    refused = [(file, "saved_model.pb"), (model, None), (tmp_path, "saved_model.pb")]
    for path, marker in [*refused, (model, "kgan.json")]:
        with pytest.raises(ValueError, match="Received: path="):
            check_target(path, marker)


def test_size_of_a_folder_is_that_of_its_files(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a").write_bytes(b"12345")
    (tmp_path / "b").write_bytes(b"123")
    assert size_of(tmp_path) == 8
    assert size_of(tmp_path / "b") == 3
