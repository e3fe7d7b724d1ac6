"""What a run of few images is told."""

from kgan import presets
from kgan._core.errors import invalid

# A rule of thumb: on FFHQ, StyleGAN2 gains much by ADA at 10,000 images and less
# (Karras et al., 2020).
FEW, VERY_FEW = 10_000, 1_000


def check_augmentation(preset, settings):
    """Refuses an augmentation where there is no discriminator to augment for.

    Args:
        preset: Name of the preset.
        settings: Dict of what differs from it.

    Raises:
        ValueError: If the preset is of a model without augmentation, such as a VAE.
    """
    known = presets.settings(preset, ())
    if "augmentation" in settings and "augmentation" not in known:
        raise invalid(
            "`--augment` changes what a discriminator sees; this preset has none.",
            {"preset": preset, "model": known["model"]},
            "Leave it out; --flip flips the training images.",
        )


def recommendation(count, settings, chosen):
    """Returns a line of advice for so many training images, or None.

    Args:
        count: Number of training images.
        settings: The settings of the run.
        chosen: Names of the settings that the user chose.
    """
    bare = settings.get("augmentation") == {"class_name": "none"}
    if count >= FEW or not bare or {"augmentation", "flip"} & set(chosen):
        return None
    from kgan import losses  # not at the top: it loads TensorFlow

    # Without a threshold an adaptive augmentation is refused.
    unsure = losses.get(settings["loss"]).threshold is None
    way = "diffaugment" if unsure else "ada"
    what = "very few" if count < VERY_FEW else "few"
    return (
        f"{count:,} images: {what} for a GAN, which may learn them by heart. "
        f"Try --augment {way}, and --flip x where a mirrored image could be in the "
        "data."
    )
