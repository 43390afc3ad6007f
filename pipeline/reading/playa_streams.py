"""How to tell a PDF's stream from its other objects, as playa gives them."""

from __future__ import annotations

from typing import TypeGuard

from playa.pdftypes import ContentStream


def is_stream(item: object) -> TypeGuard[ContentStream]:
    """Whether this is a stream.

    `isinstance` may say so of any dictionary: the class is compiled (mypyc), and shares with `Mapping`, its base, the list
    of what counts as one.
    """
    return type(item) is ContentStream
