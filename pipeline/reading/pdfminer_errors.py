"""What pdfplumber and pdfminer raise on bad input, as this package's errors."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from pipeline.errors import PolicydeckError
from pipeline.reading.source_file import damaged, protected

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def pdfminer_errors(name: str, password: str | None) -> Iterator[None]:
    """What pdfplumber and pdfminer raise on bad input, as this package's errors."""
    try:
        yield
    except PolicydeckError:
        raise
    except (PdfminerException, MalformedPDFException, PDFException, PSException) as error:
        inner = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
        if isinstance(inner, PDFPasswordIncorrect):
            raise protected(name, password) from None
        raise damaged(name, _reason(inner)) from error
    except (
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        AssertionError,
        OverflowError,
        RecursionError,
    ) as error:
        # pdfminer meets broken objects with whatever Python raises there; to a user they are all one thing.
        raise damaged(name, _reason(error)) from error


def _reason(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
