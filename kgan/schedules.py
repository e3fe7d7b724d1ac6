"""Numbers that change while a game is trained."""

import keras

from kgan.errors import invalid
from kgan.growth import Growth as Growth


class Steps:
    """Updates of a player in a step: a fixed number, a schedule or a user's rule.

    Args:
        rule: A positive integer; a dict from steps of `fit` to numbers, such as
            `{0: 5, 1000: 1}`, each of which holds until the next; or a callable from
            the last logs to a number. The logs are a dict of floats, with the last
            number under the argument's name; empty in the first step. They are saved,
            so that a run that resumes from the end of an epoch goes on exactly. A
            callable's attribute `most` limits the number, 5 without it; the step's
            batch holds data for as many.
        argument: Name of the user's argument, for errors.

    Attributes:
        now: The number that the next step uses.
        most: The largest number that any step may use.
        fixed: Whether the number never changes.
    """

    def __init__(self, rule, argument="discriminator_steps"):
        if isinstance(rule, dict):
            # JSON turns the steps into strings.
            rule = {int(step): number for step, number in rule.items()}
        self.rule, self._argument = rule, argument
        self.fixed = not (isinstance(rule, dict) or callable(rule))
        if isinstance(rule, dict):
            numbers = list(rule.values())
            valid = 0 in rule and all(_positive(number) for number in numbers)
            self.most = max(numbers, default=0) if valid else 0
        else:
            valid = callable(rule) or _positive(rule)
            self.most = getattr(rule, "most", 5) if callable(rule) else rule
        if not valid:
            raise invalid(
                f"`{argument}` must be a positive integer, a schedule that starts at "
                "step 0, or a callable.",
                {argument: rule},
                "Use 1 for one update a step.",
            )
        self.now = self.most if self.fixed else 1

    def update(self, step, logs):
        """Sets `now` for a step, from the logs of the step before."""
        logs = {**logs, self._argument: self.now} if logs else {}
        if isinstance(self.rule, dict):
            self.now = self.rule[max(start for start in self.rule if start <= step)]
        elif callable(self.rule):
            self.now = min(max(int(self.rule(logs)), 1), self.most)


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


@keras.saving.register_keras_serializable(package="kgan")
class Scaled(keras.optimizers.schedules.LearningRateSchedule):
    """Another learning rate schedule, times a factor.

    Args:
        schedule: A `keras.optimizers.schedules.LearningRateSchedule`.
        factor: Number.
    """

    def __init__(self, schedule, factor):
        self.schedule, self.factor = schedule, factor

    def __call__(self, step):
        return self.factor * self.schedule(step)

    def get_config(self):
        schedule = keras.saving.serialize_keras_object(self.schedule)
        return {"schedule": schedule, "factor": self.factor}

    @classmethod
    def from_config(cls, config):
        schedule = keras.saving.deserialize_keras_object(config["schedule"])
        return cls(schedule, config["factor"])


def _positive(number):
    return isinstance(number, int) and not isinstance(number, bool) and number >= 1
