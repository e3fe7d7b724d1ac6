import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from chromium import EXECUTABLE, open_page, serve
from small_generators import dcgan, tiny_onnx, trained

import kgan_export
from kgan_export.formats.web_format import PAGE, RUNTIME, find_runtime
from kgan_export.interface.reading import read_metadata

CHANGE = """
var element = document.querySelector(%r);
element.value = %r;
element.dispatchEvent(new Event("input", {bubbles: true}));
await kgan.redraw();
"""
PIXELS = """
Array.from(document.querySelector("canvas").getContext("2d")
  .getImageData(0, 0, ...kgan.metadata.sample_shape.slice(0, 2).reverse()).data)
"""


def npm_runtime():
    """npm's package: `KGAN_NODE_MODULES` tells where it was installed."""
    folder = os.environ.get("KGAN_NODE_MODULES")
    try:
        return find_runtime(folder and Path(folder, "onnxruntime-web"))
    except ValueError:
        return None


needs_browser = pytest.mark.skipif(
    EXECUTABLE is None or npm_runtime() is None,
    reason="needs chromium, and onnxruntime-web in KGAN_NODE_MODULES or node_modules",
)


@pytest.fixture
def fake_runtime(tmp_path):
    """Files of the right names: enough to write a page, not to run it."""
    folder = tmp_path / "node_modules" / "onnxruntime-web" / "dist"
    folder.mkdir(parents=True)
    for name in RUNTIME:
        (folder / name).write_text(name)
    return folder


def test_the_runtime_is_found_like_node_finds_it(tmp_path, monkeypatch, fake_runtime):
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    for path in (None, fake_runtime, fake_runtime.parent):
        assert find_runtime(path) == fake_runtime
    for path in (deep, tmp_path / "none"):
        with pytest.raises(ValueError, match="npm install onnxruntime-web"):
            find_runtime(path)


def test_a_page_is_a_folder_with_a_model_and_its_metadata(tmp_path, fake_runtime):
    source, path = trained(dcgan(3, channels=1)), tmp_path / "page"
    for _ in range(2):  # the second one takes the place of the first
        report = kgan_export.export(
            source, path, format="web", onnxruntime_web=fake_runtime
        )
    assert report.format == "web" and max(report.level_differences.values()) <= 1
    files = {"index.html", "app.js", "latents.js", "generator.onnx", "kgan.json"}
    assert set(os.listdir(path)) == files | set(RUNTIME.values())
    assert read_metadata(path) == kgan_export.Sampler(path / "generator.onnx").metadata


@pytest.mark.parametrize(
    "options", [{"layout": "nchw"}, {"output_dtype": "float32"}], ids=str
)
def test_what_a_page_cannot_show_is_refused(tmp_path, fake_runtime, options):
    with pytest.raises(ValueError, match="A page shows images"):
        kgan_export.export(
            dcgan(3),
            tmp_path / "page",
            format="web",
            onnxruntime_web=fake_runtime,
            **options,
        )
    assert not (tmp_path / "page").exists()


@pytest.mark.slow
@needs_browser
def test_the_canvas_shows_what_onnxruntime_computes(tmp_path):
    """For seeds, classes, moved sliders, truncation and points between two seeds."""
    folder = tmp_path / "page"
    kgan_export.export(
        trained(dcgan(10, channels=3)),
        folder,
        format="web",
        onnxruntime_web=npm_runtime(),
    )
    sampler = kgan_export.Sampler(folder / "generator.onnx")

    def same(page, z, label, truncation=1.0):
        np.testing.assert_allclose(page.evaluate("Array.from(kgan.code)"), z, rtol=1e-6)
        (image,) = sampler.generate(z[None], label, truncation)
        pixels = np.reshape(page.evaluate(PIXELS), [8, 8, 4])
        assert (pixels[..., 3] == 255).all()
        # Another build of onnxruntime: floats may round to the next grey level.
        assert np.abs(pixels[..., :3] - image.astype(int)).max() <= 1
        return image

    with serve(folder) as (url, asked), open_page(f"{url}/index.html") as page:
        page.wait("Boolean(window.kgan)")
        page.evaluate("await kgan.ready")
        (z,) = sampler.latents(1, seed=0)
        first = same(page, z, 0)
        page.evaluate(CHANGE % ("#label", "7"))
        assert (same(page, z, 7) != first).any()
        page.evaluate(CHANGE % ("#codes input", "1.5"))
        z[0] = 1.5
        same(page, z, 7)
        page.evaluate(CHANGE % ("#truncation", "0.6"))
        same(page, z, 7, 0.6)
        page.evaluate(CHANGE % ("#seed", "18446744073709551615"))
        (z,) = sampler.latents(1, seed=2**64 - 1)
        same(page, z, 7, 0.6)
        page.evaluate(CHANGE % ("#t", "0.25"))
        (end,) = sampler.latents(1, seed=1)
        cosine = z @ end / np.linalg.norm(z) / np.linalg.norm(end)
        angle = np.arccos(cosine)
        z = (np.sin(0.75 * angle) * z + np.sin(0.25 * angle) * end) / np.sin(angle)
        same(page, z, 7, 0.6)
    assert all(Path(folder, path.lstrip("/")).is_file() for path in asked)


@pytest.mark.slow
@needs_browser
def test_a_page_says_what_is_wrong(tmp_path):
    """A model that cannot be loaded gives a message, not an empty page."""
    folder = tmp_path / "page"
    shutil.copytree(PAGE, folder)
    for name, new_name in RUNTIME.items():
        shutil.copyfile(npm_runtime() / name, folder / new_name)
    tiny_onnx(folder / "generator.onnx")
    metadata = '{"latent_dim": 4, "prior": "normal", "sample_shape": [8, 8, 3]}'
    (folder / "kgan.json").write_text(metadata)
    (folder / "generator.onnx").write_bytes(b"no model")
    with serve(folder) as (url, _), open_page(f"{url}/index.html") as page:
        page.wait("Boolean(window.kgan)")
        page.evaluate("await kgan.ready.catch(() => null)")
        status = page.evaluate("document.querySelector('#status').textContent")
    assert "load" in status.lower() or "protobuf" in status.lower()
