"""Scores in plain words."""

_WHAT = {
    "classifier": "The classifier is small and was trained on the real images",
    "self-supervised": "The features are of a small network that learned from the real "
    "images to tell how they were turned",
    "efficientnet": "The features are of EfficientNet-Lite0, trained on ImageNet",
}
# What the scores of neighbours mean.
_NEIGHBORS = {
    "precision": "of the samples lie among real images.",
    "recall": "of the real images lie among samples.",
    "density": "is how densely samples lie among real images, 1 as densely as these.",
    "coverage": "of the real images have a sample nearby.",
}


def score_tiles(scores, scale):
    """Returns the HTML of the scores that are known, each with what it means.

    Args:
        scores: Of `kgan.metrics.Evaluator.evaluate`; may be empty.
        scale: Dict of the scores of the `untrained` generator and of `real` images;
            may be empty.
    """
    tiles = []
    if "agreement" in scores:
        text = (
            "of the samples look to the classifier like the class that was asked for. "
            f"On real test images it is right in {scores['classifier_accuracy']:.1%}."
        )
        tiles.append(_tile(f"{scores['agreement']:.1%}", "label agreement", text))
    if "pair_agreement" in scores:
        text = (
            "of the pairs are of one class to the classifiers of the two domains. On "
            f"real test images these are right in {scores['classifier_accuracy']:.1%} "
            f"and {scores['classifier_accuracy_b']:.1%}."
        )
        tiles.append(
            _tile(f"{scores['pair_agreement']:.1%}", "pairs of one class", text)
        )
    if "fd" in scores:
        text = (
            "between the features of samples and of real images: 0 if "
            "they could not be told apart."
        )
        if "fd_b" in scores:
            text += " The mean of the two domains: "
            text += f"{scores['fd_a']:.3g} and {scores['fd_b']:.3g}."
        if "fd_interval" in scores:
            low, high = scores["fd_interval"]
            text += f" With other samples and real images: {low:.3g} to {high:.3g}."
        untrained, real = (_of(scale, name, "fd") for name in ("untrained", "real"))
        if untrained is not None:
            text += f" The untrained generator had {untrained:.3g}, "
            text += f"{untrained / max(scores['fd'], 1e-9):.1f} times as much."
        if real is not None:
            text += f" Real images have {real:.3g}."
        tiles.append(_tile(f"{scores['fd']:.3g}", "Fréchet distance", text))
    for name, text in _NEIGHBORS.items():
        if name in scores:
            real = _of(scale, "real", name)
            if real is not None:
                text += f" Real images: {real:.2f}."
            tiles.append(_tile(f"{scores[name]:.2f}", name, text))
    if not tiles:
        return ""
    what = _WHAT[scores.get("extractor", "classifier")]
    note = (
        f'<p class="soft" style="margin-top:1rem">{what} (hash {scores["features"]}). '
        f"{scores['num_samples']:,} samples were compared with {scores['num_real']:,} "
        "real images. Numbers of other features or other counts cannot be compared "
        "with these, nor with FID.</p>"
    )
    if "warning" in scores:
        note = f"<p><strong>{scores['warning']}</strong></p>{note}"
    return f'<div class="tiles">{"".join(tiles)}</div>{note}'


def _of(scale, whose, name):
    """Returns a score that others are compared with; None where it is not known."""
    return (scale.get(whose) or {}).get(name)


def _tile(value, name, text):
    return (
        f'<div class="tile"><b>{value}</b><span>{name}</span>'
        f'<p class="soft">{text}</p></div>'
    )
