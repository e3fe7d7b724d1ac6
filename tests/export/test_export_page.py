"""docs/export.md keeps up with the code."""

import re
from pathlib import Path

from small_generators import mlp

from kgan_export.formats import FORMATS
from kgan_export.graph.passes import PASSES
from kgan_export.interface.generator import GeneratorInterface
from kgan_export.interface.metadata import SCHEMA, collect
from kgan_export.interface.output import Output
from kgan_export.source import Source

PAGE = Path(__file__).parents[2].joinpath("docs/export.md").read_text("utf-8")


def test_every_metadata_key_is_documented():
    interface = GeneratorInterface(latent_dim=6, outputs=(Output((4,)),))
    metadata = collect(Source({"generator": mlp((4,))}), interface, 17, "fp32")
    assert list(metadata) == list(SCHEMA)
    table = PAGE.split("## Metadata")[1].split("##")[0]
    cells = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    documented = [key for cell in cells for key in re.findall(r"`(\w+)`", cell)]
    assert sorted(documented) == sorted(metadata)


def test_every_format_is_documented():
    (row,) = re.findall(r"^\| `format` \|(.*?)\|", PAGE, re.MULTILINE)
    assert re.findall(r"`(\w+)`", row) == list(FORMATS)


def test_every_rewrite_is_documented():
    table = PAGE.split("### Optimisation")[1].split("###")[0]
    assert all(f"`{rewrite.__name__}`" in table for rewrite in PASSES)
