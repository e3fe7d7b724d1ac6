"""The words of `docs/glossary.md` in the names of the code."""

import ast
import collections
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(p for room in ("kgan", "export") for p in (ROOT / room).rglob("*.py"))
BRITISH = re.compile(
    "normalis|optimis(?!t)|memoris|regularis|colour|initialis|judgement", re.IGNORECASE
)


def names(path):
    """Yields the names that a module gives: its own, and those of what it defines."""
    yield path.stem
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.asname or node.name


def words(name):
    """Returns the words of `snake_case` and `CamelCase`, in small letters."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_")


def found(rule, files=FILES):
    """Returns a set of the files and names that a rule holds for."""
    given = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in files
        for name in names(path)
    }
    return {(path, name) for path, name in given if rule(name)}


def test_a_judge_is_a_player_of_turing_learning():
    elsewhere = [p for p in FILES if (ROOT / "kgan/turing") not in p.parents]
    assert not found(lambda name: {"judge", "judges"} & set(words(name)), elsewhere) - {
        # Verbs: what the discriminator does.
        ("kgan/callbacks/diagnose.py", "check_judges_samples"),
        ("kgan/diagnostics/players.py", "check_judges_samples"),
        ("kgan/diagnostics/equilibrium_report.py", "check_judges_samples"),
        ("kgan/runs/diagnosis/of_run.py", "check_judges_samples"),
        ("kgan/models/gan/gan.py", "judges_codes"),
    }


def test_identifiers_are_spelled_as_in_keras():
    assert not found(BRITISH.search)


@pytest.mark.parametrize("name", ["files", "facts", "utils", "helpers", "misc"])
def test_no_module_has_a_name_that_says_nothing(name):
    assert name not in {path.stem for path in FILES}


def test_modules_of_a_room_are_told_apart_by_more_than_an_s():
    rooms = collections.defaultdict(list)
    for path in FILES:
        rooms[path.parent].append(path.stem)
    for room, stems in rooms.items():
        folders = [p.name for p in room.iterdir() if (p / "__init__.py").is_file()]
        known = [name.rstrip("s") for name in stems + folders]
        twice = [x for x, n in collections.Counter(known).items() if n > 1]
        assert not twice, f"{room}: {twice}"


def test_every_word_of_the_glossary_has_one_row():
    text = (ROOT / "docs" / "glossary.md").read_text()
    rows = re.findall(r"^\| \*\*(.+?)\*\* \|", text, re.MULTILINE)
    assert len(rows) == len(set(rows)) and len(rows) >= 20
