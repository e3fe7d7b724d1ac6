from kgan._core.errors import invalid


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


def _positive(number):
    return isinstance(number, int) and not isinstance(number, bool) and number >= 1
