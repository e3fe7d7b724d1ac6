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


def one_of(argument, value, known, fix=None):
    """Returns `value` if it is among the known ones.

    Args:
        argument: Name of the user's argument.
        value: What the user passed.
        known: The values allowed, or a dict whose keys they are, in the order to tell.
        fix: A sentence that tells what to do instead; by default, to use the first.

    Raises:
        ValueError: If it is not.

    Example:

    >>> one_of("layout", "nwhc", ["nhwc", "nchw"])
    Traceback (most recent call last):
    ValueError: `layout` must be one of nhwc, nchw.
    Received: layout='nwhc'. Use nhwc.
    """
    known = list(known)
    if value not in known:
        raise invalid(
            f"`{argument}` must be one of {', '.join(map(str, known))}.",
            {argument: value},
            fix or f"Use {known[0]}.",
        )
    return value
