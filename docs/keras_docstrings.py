"""Lets mkdocstrings render docstrings in Keras's style.

Keras writes `>>>` examples without a fence, which Markdown takes for quotations.
"""

import re

import griffe

PROMPT = re.compile(r"^(?P<indent> *)>>> .*(?:\n(?P=indent)\S.*)*", re.MULTILINE)


def fence(text):
    """Returns text whose `>>>` examples stand in code blocks."""

    def block(match):
        indent = match["indent"]
        return f"{indent}```pycon\n{match[0]}\n{indent}```"

    return PROMPT.sub(block, text)


class KerasDocstrings(griffe.Extension):
    def on_object(self, *, obj, **kwargs):
        if obj.docstring:
            obj.docstring.value = fence(obj.docstring.value)
