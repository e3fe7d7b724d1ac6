from kgan.callbacks import StepCallback


class Recorder(StepCallback):
    """Captures a scene from before the first step to after the last.

    Args:
        scene: A scene of `kgan.lab.scenes`.
        steps: Steps of the training in all.
        frames: About how many frames to capture.

    Attributes:
        frames: List of dicts, what the scene captured and `"step"`.
    """

    def __init__(self, scene, steps, frames):
        super().__init__(1 if scene.every_step else max(1, steps // max(1, frames - 1)))
        self.scene = scene
        self.frames = []

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self.on_step(self._step, logs)

    def on_step(self, step, logs):
        self.frames.append({"step": step, **self.scene.capture()})

    def on_train_end(self, logs=None):
        if self.frames[-1]["step"] != self.model_step():
            self.on_step(self.model_step(), logs)
