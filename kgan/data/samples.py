"""The in-memory form of a data set."""

import dataclasses

import numpy as np

from kgan._core.errors import invalid

# Classes that a line names.
_NAMED = 20


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Samples:
    """A checked data set in memory; `kgan.data.read` and `from_arrays` make it.

    Images and clips that came as uint8 stay uint8, a quarter of the memory of float32;
    `kgan.data.batches` scales them to [-1, 1] batch by batch.

    Attributes:
        x: Samples, uint8 in 0–255 or float32 in [-1, 1]: images `[N, H, W, C]`, audio
            `[N, T, C]`, video `[N, F, H, W, C]`; or float32 points `[N, d]` of any
            range.
        y: Labels int64 `[N]` in `[0, num_classes)`, -1 where unknown, or None.
        condition: Attributes float32 `[N, D]`, or another float condition of each
            sample, or None.
        num_classes: Number of classes, or None without labels.
        class_names: Tuple of `num_classes` names, or None where there are none.
        name: Name of the data set.
        licence: Licence and owner of the data, or None where unknown.
        remark: What was left out of a folder, such as "left out: 14 .gif", or None.
    """

    x: np.ndarray
    y: np.ndarray | None = None
    num_classes: int | None = None
    class_names: tuple[str, ...] | None = None
    name: str = "array"
    licence: str | None = None
    condition: np.ndarray | None = None
    remark: str | None = None

    def __len__(self):
        return len(self.x)

    def __repr__(self):
        classes = "no labels" if self.y is None else f"{self.num_classes} classes"
        shape = "×".join(str(size) for size in self.shape)
        return (
            f"<Samples {self.name}: {len(self)} of {shape} {self.x.dtype}, {classes}>"
        )

    def __str__(self):
        """What was read in one line: `286 images 48×32×3 in 2 classes: a 200, b 86`."""
        kind = {1: "points", 2: "sounds", 3: "images", 4: "clips"}[len(self.shape)]
        text = f"{len(self)} {kind} {'×'.join(map(str, self.shape))}"
        if self.y is not None:
            plural = "class" if self.num_classes == 1 else "classes"
            text += f" in {self.num_classes} {plural}"
            if self.class_names is not None:
                counts = np.bincount(self.y[self.y >= 0], minlength=self.num_classes)
                each = list(map("{} {}".format, self.class_names, counts))
                more = [f"and {len(each) - _NAMED} more"] if len(each) > _NAMED else []
                text += ": " + ", ".join(each[:_NAMED] + more)
        return text if self.remark is None else f"{text}; {self.remark}"

    @property
    def shape(self):
        """Shape of one sample, such as `(28, 28, 1)`."""
        return self.x.shape[1:]

    @property
    def condition_dim(self):
        """Number of attributes of a sample, or None without a vector of them."""
        if self.condition is None or self.condition.ndim != 2:
            return None
        return self.condition.shape[1]

    @property
    def conditions(self):
        """What `fit` gets beside the samples: labels, attributes, both or None."""
        if self.y is None or self.condition is None:
            return self.condition if self.y is None else self.y
        return {"label": self.y, "condition": self.condition}

    def subset(self, indices):
        """Returns the samples at `indices`, a slice or an integer or boolean array."""
        parts = {"x": self.x, "y": self.y, "condition": self.condition}
        parts = {name: x[indices] for name, x in parts.items() if x is not None}
        return dataclasses.replace(self, **parts)

    def without_labels(self):
        """Returns the same samples for training without labels and attributes."""
        return dataclasses.replace(
            self, y=None, num_classes=None, class_names=None, condition=None
        )

    def with_few_labels(self, count, seed=0):
        """Returns the same samples with `count` labels, evenly drawn from the classes.

        The others are -1, unknown: for `kgan.objectives.SemiSupervised`.

        Args:
            count: Number of labels to keep.
            seed: Seed of the draw.
        """
        if self.y is None or not 0 < count <= len(self):
            raise invalid(
                "The labels to keep must be there.",
                {"count": count, "labels": 0 if self.y is None else len(self)},
                "Ask for fewer, of labelled data.",
            )
        shuffled = np.random.default_rng(seed).permutation(len(self))
        classes = self.y[shuffled]
        # How many of its class stand before each: the first ones of all classes win.
        turns = np.empty(len(self), np.int64)
        for label in np.unique(classes):
            turns[classes == label] = np.arange((classes == label).sum())
        kept = shuffled[np.argsort(turns, kind="stable")[:count]]
        y = np.full_like(self.y, -1)
        y[kept] = self.y[kept]
        return dataclasses.replace(self, y=y)
