"""The wording of kgan's errors: the rule, what was received, the fix."""

# What a message quotes of a value.
MAX_SHOWN = 2000


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
    values = ", ".join(f"{name}={_shown(value)}" for name, value in received.items())
    return ValueError(f"{rule}\nReceived: {values}. {fix}")


def _shown(value):
    text = repr(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


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


def printable(text, keep="\n"):
    """Returns a text in which a terminal finds nothing to obey.

    Names in files of others may hold escape sequences, signs that turn the direction of
    writing, or what no encoding can hold.

    Args:
        text: Anything; `str` of it is taken.
        keep: Characters to leave beside those that `str.isprintable` does.

    Example:

    >>> printable("\x1b[2J")
    '\\x1b[2J'
    """
    return "".join(
        x if x.isprintable() or x in keep else x.encode("unicode_escape").decode()
        for x in str(text)
    )
