"""What a caller asks of a generator: labels and truncation. Needs NumPy only."""

import unicodedata

import numpy as np

from kgan._core.errors import invalid
from kgan.latents import default_labels

# Names that an error lists.
_LISTED = 40


def classes_of(labels, num_classes, class_names=None):
    """Returns labels as integers, where they are names of classes or texts.

    A name wins over a number: where classes are named 0, 1, 10, 2, the text "2" is the
    class of that name. Case does not matter where one class alone is meant, and a name
    may hold commas.

    Args:
        labels: A text of names or numbers separated by commas, a list of texts, or
            anything else, which is returned as it is.
        num_classes: Number of classes, or None.
        class_names: Their names, or None.

    Returns:
        One integer, a list of integers, or `labels`.

    Raises:
        ValueError: If a text names no class; the message lists the names.
    """
    if num_classes is None:
        return labels
    if isinstance(labels, str):
        found = _classes_in(labels, num_classes, class_names or ())
        return found[0] if len(found) == 1 else found
    if isinstance(labels, list | tuple | np.ndarray) and any(
        isinstance(label, str) for label in labels
    ):
        return [
            _class_of(str(label), num_classes, class_names or ()) for label in labels
        ]
    return labels


def _classes_in(text, num_classes, names):
    """Returns the classes of a text: of its words, the longest that are a name."""
    words, found = text.split(","), []
    while words:
        for count in range(len(words), 0, -1):
            label = _find(",".join(words[:count]), num_classes, names)
            if label is not None:
                break
        else:
            label = _class_of(words[0], num_classes, names)
        found.append(label)
        words = words[count:]
    return found


def _class_of(word, num_classes, names):
    label = _find(word, num_classes, names)
    if label is None:
        listed = ", ".join(names[:_LISTED])
        more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
        raise invalid(
            f"A label must be one of the classes {listed}{more}."
            if names
            else f"A label must be a class from 0 to {num_classes - 1}.",
            {"label": word.strip()},
            "Separate several by commas.",
        )
    return label


def _find(word, num_classes, names):
    """Returns the class that a word means, or None."""
    word = _plain(word)
    plain = [_plain(name) for name in names]
    if word in plain:
        return plain.index(word)
    folded = [name.casefold() for name in plain]
    if folded.count(word.casefold()) == 1:
        return folded.index(word.casefold())
    # Where names are numbers, a number that is no name is a mistake.
    numbered = any(name.isdecimal() for name in plain)
    if word.isdecimal() and not numbered and len(word) < 20 and int(word) < num_classes:
        return int(word)
    return None


def _plain(name):
    return unicodedata.normalize("NFC", str(name)).strip()


def resolve_labels(labels, num_samples, num_classes):
    """Returns the labels of `num_samples` samples.

    Args:
        labels: None, one class, or an integer array `[num_samples]`.
        num_samples: Number of samples.
        num_classes: Number of classes; None for an unconditional generator.

    Returns:
        int64 array `[num_samples]`, by default the classes in turn; None for an
        unconditional generator.

    Raises:
        ValueError: If labels are given to an unconditional generator, or are not
            integers in `[0, num_classes)`, one or one a sample.
    """
    if num_classes is None:
        if labels is not None:
            raise invalid(
                "An unconditional generator takes no labels.",
                {"labels": labels},
                "Leave `labels` out, or train with `num_classes`.",
            )
        return None
    if labels is None:
        return default_labels(num_samples, num_classes)
    given, labels = labels, np.asarray(labels)
    if (
        labels.shape not in ((), (num_samples,))
        or labels.dtype.kind not in "iu"
        or (labels.size and not 0 <= labels.min() <= labels.max() < num_classes)
    ):
        raise invalid(
            f"`labels` must be integers from 0 to {num_classes - 1}: one class, or one "
            "a sample.",
            {"labels": given, "num_samples": num_samples},
            "Leave `labels` out to get the classes in turn.",
        )
    return np.broadcast_to(labels, [num_samples]).astype(np.int64)


def resolve_condition(condition, num_samples, shape):
    """Returns the conditions of `num_samples` samples.

    Args:
        condition: None, one condition of the shape, or an array `[num_samples, *shape]`
            of numbers, such as attributes. Images may be uint8.
        num_samples: Number of samples.
        shape: Shape of one condition; None for a generator that takes none.

    Returns:
        float32 array `[num_samples, *shape]`; None for a generator that takes none.

    Raises:
        ValueError: If a condition is missing, given to a generator that takes none, or
            of another shape.
    """
    if shape is None:
        if condition is not None:
            raise invalid(
                "A generator without a condition takes none.",
                {"condition": condition},
                "Leave `condition` out; classes are given by `labels`.",
            )
        return None
    shape = tuple(shape)
    given = None if condition is None else np.asarray(condition)
    if (
        given is None
        or given.shape not in (shape, (num_samples, *shape))
        or given.dtype.kind not in "fiub"
        or not np.isfinite(given).all()
    ):
        sizes = ", ".join(map(str, shape))
        raise invalid(
            f"`condition` must be finite numbers [{sizes}], or [num_samples, {sizes}].",
            {
                "condition": None if given is None else f"array of {given.shape}",
                "num_samples": num_samples,
            },
            "Give one condition for all samples, or one a sample.",
        )
    if given.dtype == np.uint8 and len(shape) > 1:
        given = given / np.float32(127.5) - np.float32(1)
    return np.broadcast_to(given, [num_samples, *shape]).astype(np.float32)


def truncate(prior, z, truncation):
    """Returns codes scaled by `truncation`, which trades variety for fidelity.

    Args:
        prior: Name of the prior.
        z: Codes `[N, latent_dim]`.
        truncation: Factor from 0 to 1; 1 leaves the codes as they are.

    Raises:
        ValueError: If the factor is out of range, or codes lie on a sphere.
    """
    if not 0 <= truncation <= 1:
        raise invalid(
            "`truncation` must be from 0 to 1.",
            {"truncation": truncation},
            "Use 1.0 for the whole distribution, 0.7 for more typical samples.",
        )
    if prior == "sphere" and truncation != 1:
        raise invalid(
            "Codes on a sphere cannot be truncated.",
            {"prior": prior, "truncation": truncation},
            "Use truncation=1.0.",
        )
    return z * np.float32(truncation)
