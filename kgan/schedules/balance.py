import keras


@keras.saving.register_keras_serializable(package="kgan")
class Balance:
    """A rule for `discriminator_steps`: more updates while the discriminator lags.

    k falls to 1 while the gap between the mean logits of real and fake samples is above
    `high`, and rises by one a step, up to `most`, while it is below `low`.

    Args:
        low: Gap below which the discriminator needs more updates.
        high: Gap above which it needs one only.
        most: Largest number of updates.
    """

    def __init__(self, low=0.5, high=2.0, most=5):
        self.low, self.high, self.most = low, high, most

    def __call__(self, logs):
        now = logs.get("discriminator_steps", 1)
        gap = logs.get("d_real", 0.0) - logs.get("d_fake", 0.0)
        if gap > self.high:
            return 1
        return min(now + 1, self.most) if gap < self.low else now

    def get_config(self):
        return {"low": self.low, "high": self.high, "most": self.most}

    @classmethod
    def from_config(cls, config):
        return cls(**config)
