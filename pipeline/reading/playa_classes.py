"""playa's classes, made safe to ask about, and its errors.

playa is compiled by mypyc, which does not give a class that derives from an abstract one its own memory of who is an
instance. So `isinstance({}, ContentStream)`, asked anywhere, is answered from the memory of `collections.abc.Mapping` and
written into it: either the dictionary is taken for a stream, or no dictionary of the whole program is a `Mapping` from
then on. playa asks such questions itself. Each class gets its own memory here, once, when this module is imported:
import it wherever playa is imported.
"""

from __future__ import annotations

import sys
from abc import ABCMeta
from contextlib import suppress

import playa  # noqa: F401 - its classes are looked for below
from playa.exceptions import PDFException

MALFORMED = (
    PDFException,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    StopIteration,
    NotImplementedError,
    OverflowError,
    RecursionError,
)
"""What playa raises on what is malformed."""


def _separate_memories() -> None:
    with suppress(ImportError):  # only CPython has such memories
        from _abc import _abc_init  # type: ignore[import-not-found]

        for name, module in list(sys.modules.items()):
            if name.partition(".")[0] == "playa":
                for value in list(vars(module).values()):
                    if isinstance(value, ABCMeta) and "_abc_impl" not in vars(value) and value.__module__ == name:
                        _abc_init(value)


_separate_memories()
