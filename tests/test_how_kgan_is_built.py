"""The page "How kgan is built" names every room, and nothing that is not there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "how-kgan-is-built.md").read_text()
PATH = re.compile(r"`((?:kgan|export|tests|benchmarks|docs)/[\w./-]*)`")
PATHS = sorted(set(PATH.findall(PAGE)))
ROOMS = sorted(
    file.parent.relative_to(ROOT).as_posix()
    for room in ("kgan", "export")
    for file in (ROOT / room).glob("*/**/__init__.py")
)


def questions():
    """Returns the questions of the page, with their answers."""
    _, listed = PAGE.split("## Twenty questions")
    return re.findall(r"^\d+\. (.+?\?) (.+)$", listed, re.MULTILINE)


@pytest.mark.parametrize("path", PATHS)
def test_what_the_page_names_exists(path):
    assert (ROOT / path).exists()


def test_twenty_questions_have_files_for_answers():
    found = questions()
    assert len(found) >= 20
    assert len(found) == len({question for question, _ in found})
    for question, answer in found:
        files = PATH.findall(answer)
        assert files, question
        assert all((ROOT / file).is_file() for file in files), question


def test_no_room_is_forgotten():
    assert not set(ROOMS) - {path.rstrip("/") for path in PATHS}


def test_rooms_of_the_picture_are_those_of_the_page():
    picture = (ROOT / "docs" / "images" / "rooms.svg").read_text()
    words = set(re.findall(r"[\w.]+", re.sub(r"<style>.*?</style>", "", picture)))
    assert not {room for room in ROOMS if Path(room).name not in words}
