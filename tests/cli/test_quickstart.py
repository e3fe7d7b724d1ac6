import json
import re
import shutil

import pytest

from kgan_export import Sampler


@pytest.mark.slow
def test_quickstart_reaches_what_readme_says_and_leaves_everything(kgan_run, tmp_path):
    """The whole run: README has its scores."""
    run = tmp_path / "run"
    result = kgan_run("quickstart", "--out", run, "--json")
    assert result.exit_code == 0, result.output
    facts = json.loads(result.stdout)
    assert facts["scores"]["agreement"] >= 0.85
    assert facts["scores"]["fd"] <= 6
    assert facts["untrained"]["fd"] > 100
    assert sum(facts["durations"].values()) > facts["seconds"]
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


@pytest.mark.slow
def test_interrupted_quickstart_goes_on_as_one(trained, kgan_run, tmp_path):
    """`config.json` says that the run is a quickstart: exports and report follow."""
    run = shutil.copytree(trained[0], tmp_path / "copy")
    config = json.loads((run / "config.json").read_text())
    config["quickstart"] = {"untrained": {"fd": 12.5}}
    (run / "config.json").write_text(json.dumps(config))
    result = kgan_run("train", "--resume", "--out", run, "--json")
    assert result.exit_code == 0, result.output
    facts = json.loads(result.stdout)
    assert facts["untrained"] == {"fd": 12.5} and len(facts["exports"]) == 2
    assert (run / "generator.onnx").exists() and (run / "saved_model").is_dir()
