import json
import re

import pytest

from kgan_export import Sampler


@pytest.mark.slow
def test_quickstart_reaches_what_readme_says_and_leaves_everything(kgan_run, tmp_path):
    """The whole run: README has the scores of five seeds."""
    run = tmp_path / "run"
    result = kgan_run("quickstart", "--out", run, "--json")
    assert result.exit_code == 0, result.output
    facts = json.loads(result.stdout)
    assert facts["scores"]["agreement"] >= 0.85
    assert facts["scores"]["fd"] <= facts["untrained"]["fd"] / 10
    assert [report["format"] for report in facts["exports"]] == ["onnx", "saved_model"]
    assert Sampler(run / "generator.onnx").sample(2).shape == (2, 28, 28, 1)
    page = (run / "report.html").read_text()
    assert "http" not in page
    assert all(
        s.startswith("data:") for s in re.findall(r'(?:src|href)="([^"]*)', page)
    )
    for text in (
        "Ankle boot",
        "500 samples",
        "Progress",
        "Verified",
        "from kgan_export",
    ):
        assert text in page
