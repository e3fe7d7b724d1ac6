"""Tables of pictures from the codes of a trained generator: what `kgan latent` draws.

Each function takes a `TrainedGenerator` and returns uint8 images `[rows, columns, H, W,
C]`. Samples are named by their positions under a seed, as in `generate`. Needs no
TensorFlow, apart from `factors` and `project`, which look into the Keras model.
"""

import numpy as np

from kgan import explore
from kgan._core.errors import invalid
from kgan.runs.pictures import to_levels


def interpolate(generator, first, last, steps, method="auto", labels=None, seed=0):
    """Draws the ways from codes to others, one a row.

    Args:
        generator: The `TrainedGenerator`.
        first: Positions of the samples to start from.
        last: Positions of the samples to go to, as many.
        steps: Pictures of each way.
        method: As for `kgan.explore.interpolate`.
        labels: Text of the classes of the rows, or None for those of the first samples.
        seed: Seed of the samples.
    """
    way = explore.interpolate(
        generator.codes(first, seed),
        generator.codes(last, seed),
        steps,
        generator.prior,
        method,
    )
    return generator.table(way, row_labels(generator, labels, first))


def arithmetic(generator, plus, minus, labels=None, seed=0):
    """Draws the terms of a sum of mean codes in a row, and its result last.

    Args:
        generator: The `TrainedGenerator`.
        plus: Lists of positions, each of a term that is added.
        minus: Lists of positions, each of a term that is subtracted.
        labels: As for `interpolate`, as is `seed`.
    """
    terms = [*plus, *minus]
    drawn = [generator.codes(positions, seed) for positions in terms]
    added, subtracted = drawn[: len(plus)], drawn[len(plus) :]
    result = explore.arithmetic(added, subtracted, generator.prior)
    row = [explore.arithmetic([term], prior=generator.prior) for term in drawn]
    labels = row_labels(generator, labels, terms[0][:1])
    return generator.table(np.stack([*row, result])[None], labels)


def truncate(generator, count, levels, labels=None, seed=0):
    """Draws the first samples, a row each, at several truncations, a column each."""
    positions = list(range(count))
    z = generator.codes(positions, seed)[:, None]
    labels = row_labels(generator, labels, positions)
    columns = [generator.table(z, labels, level) for level in levels]
    return np.concatenate(columns, axis=1)


def factors(generator, count, samples, extent, steps, labels=None, seed=0):
    """Moves samples along the directions that change them most.

    Args:
        generator: The `TrainedGenerator` of a Keras model.
        count: Number of factors, the strongest first.
        samples: Number of samples, a row each in the block of a factor.
        extent: How far to move codes either way.
        steps: Pictures of a row.
        labels: As for `interpolate`, as is `seed`.

    Returns:
        The table, and the strengths of the factors.
    """
    directions, strengths = explore.factors(generator.model, count)
    positions = list(range(samples))
    z = generator.codes(positions, seed)
    amounts = np.linspace(-extent, extent, steps)
    moved = [
        explore.move(z, direction, amounts, generator.prior) for direction in directions
    ]
    labels = row_labels(generator, labels, positions)
    labels = None if labels is None else labels * len(directions)
    return generator.table(np.concatenate(moved), labels), strengths


def project(generator, images, steps, restarts, labels=None, seed=0, progress=None):
    """Finds codes that give images.

    Args:
        generator: The `TrainedGenerator` of a Keras model.
        images: uint8 images of the generator's shape: see `read_images`.
        steps: Steps of the search, as for `kgan.explore.project`.
        restarts: As there, as is `progress`.
        labels: Text of the classes of the images, or None.
        seed: Seed of the search.

    Returns:
        The table, images above and what the codes give below, and the
        `kgan.explore.Projection`.
    """
    found = explore.project(
        generator.model,
        images / np.float32(127.5) - 1,
        generator.choose_labels(labels, len(images)),
        steps=steps,
        restarts=restarts,
        seed=seed,
        progress=progress,
    )
    return np.stack([images, to_levels(found.samples)]), found


def read_images(paths, shape):
    """Reads image files and brings them to a shape, uint8 `[N, H, W, C]`."""
    from PIL import Image, UnidentifiedImageError

    from kgan.data.resize import to_shape

    images = []
    for path in paths:
        try:
            with Image.open(path) as image:
                images.append(to_shape(image, shape))
        except (OSError, UnidentifiedImageError) as error:
            raise invalid(
                "IMAGES must be image files.", {"image": path}, f"{error}"
            ) from error
    return np.stack(images)


def row_labels(generator, text, positions):
    """Returns the class of each row: those of a text in turn, or of the samples."""
    if text is None and generator.num_classes is not None:
        return [position % generator.num_classes for position in positions]
    return generator.choose_labels(text, len(positions))
