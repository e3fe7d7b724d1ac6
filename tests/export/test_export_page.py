"""docs/export.md keeps up with the code."""

import re
from pathlib import Path

from small_generators import mlp

from kgan_export.exporter import FORMATS
from kgan_export.metadata import describe
from kgan_export.output import Output
from kgan_export.signature import Signature
from kgan_export.source import Source

PAGE = Path(__file__).parents[2].joinpath("docs/export.md").read_text("utf-8")


def test_every_metadata_key_is_documented():
    metadata = describe(
        Source(mlp((4,))), Signature(6, None, (Output((4,)),)), 17, "fp32"
    )
    table = PAGE.split("## Metadata")[1].split("##")[0]
    cells = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    documented = [key for cell in cells for key in re.findall(r"`(\w+)`", cell)]
    assert sorted(documented) == sorted(metadata)


def test_every_format_is_documented():
    (row,) = re.findall(r"^\| `format` \|(.*?)\|", PAGE, re.MULTILINE)
    assert re.findall(r"`(\w+)`", row) == list(FORMATS)
