"""A model with one player and no discriminator: a run asks nothing of an adversary."""

import keras
import pytest

import kgan
from kgan import presets, runs


@keras.saving.register_keras_serializable(package="kgan_tests")
class Copier(kgan.GenerativeModel):
    """Learns samples that are near to any of the data: their mean."""

    settings_name = "copier"

    def __init__(self, generator, prior="normal", ema_decay=0.9, seed=0, name="copier"):
        players = [
            kgan.models.Player("generator", {"generator": generator}, ["generator"])
        ]
        super().__init__(players, prior, ema_decay, seed, name)

    def compile(self, optimizer, **options):
        self.set_up({"optimizer": optimizer}, ["loss"], **options)

    def play(self, real, conditions, random):
        z = random.fold("z").normal([real.shape[0], self.latent_dim])
        draws = self.micro_batches(lambda x, *_: x, real, conditions, random)
        self.move("generator", draws, lambda x: {"loss": self._error(x, z)})

    def _error(self, x, z):
        return keras.ops.mean(keras.ops.square(self.generator(z) - x), axis=(1, 2, 3))


def build(settings):
    latent, shape = 4, tuple(settings["image_shape"])
    generator = keras.Sequential(
        [
            keras.Input((latent,), name="z"),
            keras.layers.Dense(shape[0] * shape[1], activation="tanh"),
            keras.layers.Reshape(shape),
        ]
    )
    model = Copier(generator, seed=settings["seed"])
    model.compile(optimizer=keras.optimizers.Adam(1e-3))
    return model


@pytest.fixture
def one_player(monkeypatch):
    """Has presets build the model above, from settings that know no adversary."""
    defaults, settings = presets.defaults, presets.settings

    def plain(table):
        unknown = ("discriminator", "generator_", "penalties", "balanced", "decay")
        table = {k: v for k, v in table.items() if not k.startswith(unknown)}
        return {**table, "model": "copier", "optimizer": {"learning_rate": 1e-3}}

    monkeypatch.setattr(
        presets, "settings", lambda *given, **more: plain(settings(*given, **more))
    )
    monkeypatch.setattr(presets, "build", build)
    monkeypatch.setattr(
        presets,
        "defaults",
        lambda model: plain(defaults()) if model == "copier" else defaults(model),
    )


def test_run_of_one_player(one_player, tmp_path):
    out = tmp_path / "run"
    run = runs.train(
        "mlp", "digits", out, steps=4, unconditional=True, evaluate_every=4
    )
    assert run.scores["fd"] > 0 and "agreement" not in run.scores
    assert (out / "curves.png").exists() and (out / "samples/animation.gif").exists()
    page = run.report.read_text()
    assert "Losses and scores" in page and "discriminator loss" not in page
    opened = runs.open(out)
    assert type(opened.model) is Copier
    assert opened.generator.sample(3).shape == (3, 8, 8, 1)
    with pytest.raises(ValueError, match="games with a discriminator"):
        opened.diagnose()
    with pytest.raises(ValueError, match="Add --override"):
        runs.resume(run, optimizer={"learning_rate": 0.5})
    again = runs.resume(run, steps=5, override=True, optimizer={"learning_rate": 0.5})
    assert again.outcome.steps == 5
    assert float(again.model.optimizer.learning_rate) == 0.5
