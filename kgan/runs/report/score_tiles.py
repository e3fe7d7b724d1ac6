"""Scores in plain words."""


def score_tiles(scores, untrained=None):
    """Returns the HTML of the scores that are known, each with what it means.

    Args:
        scores: Of `kgan.metrics.Evaluator.evaluate`; may be empty.
        untrained: Scores of the untrained generator, or None.
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
            "between the classifier's features of samples and of real images: 0 if "
            "they could not be told apart."
        )
        if "fd_b" in scores:
            text += " The mean of the two domains: "
            text += f"{scores['fd_a']:.3g} and {scores['fd_b']:.3g}."
        if untrained:
            ratio = untrained["fd"] / max(scores["fd"], 1e-9)
            text += f" The untrained generator had {untrained['fd']:.3g}, "
            text += f"{ratio:.1f} times as much."
        tiles.append(_tile(f"{scores['fd']:.3g}", "Fréchet distance", text))
    if not tiles:
        return ""
    note = (
        f'<p class="soft" style="margin-top:1rem">The classifier is small and was '
        f"trained on the real images (hash {scores['features']}). "
        f"{scores['num_samples']:,} samples were compared with {scores['num_real']:,} "
        "real images. Numbers of other classifiers or other counts cannot be compared "
        "with these, nor with FID.</p>"
    )
    return f'<div class="tiles">{"".join(tiles)}</div>{note}'


def _tile(value, name, text):
    return (
        f'<div class="tile"><b>{value}</b><span>{name}</span>'
        f'<p class="soft">{text}</p></div>'
    )
