from pathlib import Path

import numpy as np
from PIL import Image

from kgan._core.images import image_grid, within_range
from kgan._core.writing import replacing
from kgan.callbacks.step_callback import StepCallback
from kgan.callbacks.step_files import step_files, step_path

MAX_FRAMES = 100
FRAME_MILLISECONDS = 120


class SampleGrid(StepCallback):
    """Draws the same codes again and again while the generator learns.

    Writes `step_000500.png` for each time, from before the first step on, and at the
    end of training `animation.gif`. A conditional model gets one row for each class. At
    the start, pictures of later steps than the model's are removed: they belong to
    another course of the run.

    Args:
        folder: Where the pictures go.
        num_samples: Number of samples; of a conditional model, rounded down to a whole
            number for each class.
        every: Number of steps, or `"epoch"`.
        seed: Seed of the codes.
        truncation: Factor of the codes, in [0, 1].

    Example:

    >>> gan.fit(x, callbacks=[kgan.callbacks.SampleGrid("runs/a/samples", every=500)])
    """

    def __init__(self, folder, num_samples=64, every="epoch", seed=0, truncation=1.0):
        super().__init__(every)
        self.folder = Path(folder)
        self.num_samples = num_samples
        self.seed = seed
        self.truncation = truncation

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        for step, path in step_files(self.folder, ".png").items():
            if step > self._step:
                path.unlink()
        self.on_step(self._step, logs)

    def on_step(self, step, logs):
        labels, columns = self._layout()
        count = self.num_samples if labels is None else len(labels)
        images = self.model.generate(
            count, labels=labels, seed=self.seed, truncation=self.truncation
        )
        if isinstance(images, dict):  # pairs of two domains, side by side
            images = np.concatenate(list(images.values()), axis=2)
        with replacing(step_path(self.folder, step, ".png")) as path:
            Image.fromarray(image_grid(within_range(images), columns)).save(path)

    def on_train_end(self, logs=None):
        if self.model_step() not in step_files(self.folder, ".png"):
            self.on_step(self.model_step(), logs)
        self.animate()

    def animate(self):
        """Writes `animation.gif` of the pictures so far, at most 100 of them."""
        paths = list(step_files(self.folder, ".png").values())
        if len(paths) > MAX_FRAMES:
            chosen = np.linspace(0, len(paths) - 1, MAX_FRAMES).round().astype(int)
            paths = [paths[i] for i in chosen]
        # The last frame stays: it is what the run reached.
        durations = [FRAME_MILLISECONDS] * (len(paths) - 1) + [2000]
        # A game that grows has drawn smaller pictures; repeated pixels stay sharp.
        size = Image.open(paths[-1]).size
        frames = (Image.open(path).resize(size, Image.NEAREST) for path in paths)
        with replacing(self.folder / "animation.gif") as path:
            next(frames).save(
                path,
                save_all=True,
                append_images=frames,
                duration=durations,
                loop=0,
            )

    def _layout(self):
        """Labels and columns: a row for each class, or all in turn if they are many."""
        classes = self.model.num_classes
        if classes is None:
            return None, None
        per_class = self.num_samples // classes
        if per_class < 2:
            return np.arange(self.num_samples) % classes, None
        return np.repeat(np.arange(classes), per_class), per_class
