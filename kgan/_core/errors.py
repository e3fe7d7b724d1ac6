"""The wording of kgan's errors: the rule, what was received, the fix."""


def invalid(rule, received, fix):
    """Returns a `ValueError` that states a rule, the offending value and the fix.

    Args:
        rule: A sentence, such as "`discriminator_steps` must be a positive integer."
        received: A dict from argument names to their values.
        fix: A sentence that tells what to do instead.

    Example:

    >>> raise invalid("`n` must be positive.", {"n": 0}, "Use 1 or more.")
    Traceback (most recent call last):
    ValueError: `n` must be positive.
    Received: n=0. Use 1 or more.
    """
    values = ", ".join(f"{name}={value!r}" for name, value in received.items())
    return ValueError(f"{rule}\nReceived: {values}. {fix}")
