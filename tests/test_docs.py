"""Every public name has a place in the docs, and the code that users read runs."""

import ast
import functools
import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CODE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"\bkgan(?:_export)?(?:\.\w+)+")


def public_names():
    """Returns the dotted names of the stubs, and what their subpackages export."""
    names = set()
    for package, folder in (("kgan", ROOT / "kgan"), ("kgan_export", ROOT / "export")):
        for node in ast.parse((folder / "__init__.pyi").read_text()).body:
            for alias in node.names:
                if node.module is None:
                    names |= set(exports(f"{package}.{alias.name}"))
                else:
                    names.add(f"{package}.{alias.name}")
    return sorted(names)


def exports(module):
    """Returns the dotted names that a module re-exports or defines."""
    tree = ast.parse(Path(importlib.util.find_spec(module).origin).read_text())
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            yield from (f"{module}.{a.asname}" for a in node.names if a.asname)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            if not node.name.startswith("_"):
                yield f"{module}.{node.name}"


def test_every_public_name_is_documented():
    pages = (ROOT / "docs" / "api").glob("*.md")
    text = "\n".join(page.read_text() for page in pages)
    documented = re.findall(r"^::: (\S+)$", text, re.MULTILINE)
    assert sorted(documented) == public_names()


def test_every_page_is_in_the_navigation():
    navigation = re.findall(r"- (\S+\.md)$", (ROOT / "mkdocs.yml").read_text(), re.M)
    pages = (ROOT / "docs").rglob("*.md")
    expected = sorted(page.relative_to(ROOT / "docs").as_posix() for page in pages)
    assert sorted(navigation) == expected


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_names_in_code_exist(page):
    for name in NAME.findall("\n".join(CODE.findall(page.read_text()))):
        package, *parts = name.split(".")
        functools.reduce(getattr, parts, importlib.import_module(package))


@pytest.mark.parametrize("name", ["losses", "networks", "penalties", "presets"])
def test_page_runs(name, tmp_path, monkeypatch):
    run_page(ROOT / "docs" / f"{name}.md", tmp_path, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "docs/index.md",
        "docs/gan.md",
        "docs/conditional.md",
        "docs/vae.md",
        "docs/fine-tuning.md",
        "docs/own-models.md",
        "docs/progressive.md",
        "docs/cogan.md",
        "docs/bigan.md",
        "docs/explore.md",
        "docs/runs.md",
        "docs/turing.md",
        "docs/diagnostics.md",
    ],
)
def test_page_trains(name, tmp_path, monkeypatch):
    run_page(ROOT / name, tmp_path, monkeypatch)


@pytest.mark.slow
def test_page_of_tutorials_trains(tmp_path, monkeypatch):
    (tmp_path / "celeba_gan").mkdir()
    random = np.random.default_rng(0)
    for i in range(64):
        pixels = random.integers(0, 256, (80, 70, 3), "uint8")
        Image.fromarray(pixels).save(tmp_path / "celeba_gan" / f"{i}.jpg")
    run_page(ROOT / "docs" / "from-keras-tutorials.md", tmp_path, monkeypatch)


@pytest.mark.parametrize("change", ["generator", "discriminator"])
def test_tutorials_say_what_to_change(change, monkeypatch, tmp_path):
    """With the activations that the tutorials have, the message tells the fix."""
    page = (ROOT / "docs" / "from-keras-tutorials.md").read_text()
    first = CODE.findall(page)[0].split("images = ")[0]
    as_there = {
        "generator": ('activation="tanh"', 'activation="sigmoid"', "'tanh'"),
        "discriminator": ("layers.Dense(1)", 'layers.Dense(1, "sigmoid")', "logit"),
    }
    here, there, fix = as_there[change]
    assert first.count(here) == 1
    names = {}
    exec(first.replace(here, there), names)
    with pytest.raises(ValueError, match=fix):
        names["kgan"].GAN(names["generator"], names["discriminator"]).compile()


def run_page(page, folder, monkeypatch):
    """Runs the Python blocks of a page one after the other, as a reader would."""
    monkeypatch.chdir(folder)
    blocks = CODE.findall(page.read_text())
    assert blocks
    names = {"__name__": "__main__"}
    for block in blocks:
        exec(compile(block, str(page), "exec"), names)
