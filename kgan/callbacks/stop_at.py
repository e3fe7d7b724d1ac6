from kgan.callbacks.step_callback import StepCallback


class StopAt(StepCallback):
    """Ends training at a step, which whole epochs may not add up to.

    Args:
        step: The step, beyond those already made.
    """

    def __init__(self, step):
        super().__init__(every=step)

    def on_step(self, step, logs):
        self.model.stop_training = True
