"""`functools.cached_property` without the lock that Python 3.11 takes each time one is worked out.

A page has thousands of values that know something of themselves (a line its box, a text its words) and nearly each is
asked once: there the lock costs more than the answer. Python 3.12 has none, and then this is the standard library's own.
Two threads that ask at once both work the answer out, which is the same.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if sys.version_info >= (3, 12) or TYPE_CHECKING:
    from functools import cached_property
else:

    class cached_property:  # noqa: N801 - it stands for the standard library's
        """A property that is worked out once for each instance and kept in its `__dict__`, where it is found from then on."""

        def __init__(self, function: Any) -> None:
            self.function = function
            self.__doc__ = function.__doc__

        def __set_name__(self, owner: type, name: str) -> None:
            self.name = name

        def __get__(self, instance: Any, owner: type | None = None) -> Any:
            if instance is None:
                return self
            value = instance.__dict__[self.name] = self.function(instance)
            return value


__all__ = ["cached_property"]
