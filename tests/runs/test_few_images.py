import pytest

from kgan import presets, runs
from kgan.runs.few_images import recommendation

BARE = presets.settings("dcgan", ())


@pytest.mark.parametrize(
    "count, start", [(286, "286 images: very few"), (9_999, "9,999 images: few")]
)
def test_few_images_get_advice(count, start):
    line = recommendation(count, BARE, {"steps": 5})
    assert line.startswith(start) and "--augment ada" in line and "--flip x" in line


def test_what_is_recommended_is_not_refused():
    line = recommendation(286, presets.settings("wgan-gp", ()), {})
    assert "--augment diffaugment" in line


@pytest.mark.parametrize(
    "count, settings, chosen",
    [
        (10_000, BARE, {}),
        (286, BARE, {"flip": "none"}),
        (286, BARE, {"augmentation": {"class_name": "none"}}),
        (286, BARE | {"augmentation": {"class_name": "ada"}}, {}),
        (286, presets.settings("vae", ()), {}),
    ],
)
def test_no_advice_where_there_are_enough_or_the_user_chose(count, settings, chosen):
    assert recommendation(count, settings, chosen) is None


def test_python_users_say_it_likewise(tmp_path):
    run = runs.train(
        "mlp",
        "digits",
        tmp_path / "run",
        steps=4,
        batch_size=16,
        evaluate_every=0,
        flip="x",
        augment="diffaugment",
        augmentation={"policy": "translation"},
    )
    settings = run.config["settings"]
    assert settings["flip"] == "x"
    expected = {"class_name": "diffaugment", "policy": "translation"}
    assert settings["augmentation"] == expected
    assert run.model.augmentation.policy == "translation"
