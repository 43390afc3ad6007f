"""Pages of one file that open offline: the shell they share, the rules that keep them safe, and pictures inside them.

What came out of a PDF is either escaped text of the body or stands as JSON in data blocks, in which `<`, `>` and `&` are
escaped, for the script to make text nodes of. A Content Security Policy allows the one script by its hash, pictures
that stand in the file, and nothing else; so a page cannot ask the network for anything either.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from functools import lru_cache
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from pipeline.page_image import PageImage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ASSETS = 32
"""So many files are kept, more than pages are made of."""

_PLAIN_VALUES = TypeAdapter[Any](Any)
_SLOT = re.compile(r"\{\{([a-z]+)\}\}")
_ESCAPES = {c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}
_IMAGE_TYPE = re.compile(r"image/[a-z0-9.+-]+")
_PICTURE = "picture-"
_PICTURE_BLOCK = re.compile(rf'<script type="application/json" id="{_PICTURE}([0-9]+)">(.*?)</script>', re.DOTALL)
_SOURCE = re.compile(r"data:(image/[a-z0-9.+-]+);base64,([A-Za-z0-9+/=]*)")


@lru_cache(maxsize=ASSETS)
def asset(package: str, name: str) -> str:
    """Read a text file that stands in `package`; such files are the release's own and stay as they are."""
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")


def web_page(
    title: str, body: str, *, style: str, script: str = "", blocks: Mapping[str, bytes] | None = None
) -> bytes:
    """Make a page, in UTF-8. `title` is escaped here; `blocks` are what `json_block` wrote, by their element's id.

    `body` is HTML, in which the caller has escaped all that is not its own. `style` follows the look that all pages
    share. Without a script the page runs none.
    """
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    slots = {
        "title": escape(title),
        "allowed": f"'sha256-{digest}'" if script else "'none'",
        "style": asset("pipeline.web_page", "look.css") + style,
        "body": body,
        "script": f"<script>{script}</script>" if script else "",
    }
    page: list[bytes] = []
    # The shell's own text and the names of its slots take turns, so that a slot's name in what fills another stays text.
    for number, piece in enumerate(_SLOT.split(asset("pipeline.web_page", "shell.html"))):
        if number % 2 and piece == "blocks":
            for name, content in (blocks or {}).items():
                page += [f'<script type="application/json" id="{name}">'.encode(), content, b"</script>\n"]
        else:
            page.append((slots[piece] if number % 2 else piece).encode("utf-8"))
    # Pictures make a page large: it is put together once.
    return b"".join(page)


def json_block(value: object) -> bytes:
    """Write `value` as JSON that may stand in an HTML script element: nothing in it can end one or start a comment.

    A number that is not finite is null.
    """
    text = _PLAIN_VALUES.dump_json(value).decode("utf-8")
    # One search a character: str.translate looks at every character of the text by itself.
    for character, escaped in _ESCAPES.items():
        text = text.replace(character, escaped)
    return text.encode("utf-8")


def image_source(image: PageImage) -> str:
    """Write a picture as the address of an image. Raises ValueError where its media type is none of an image."""
    return (_source_head(image) + base64.b64encode(image.data)).decode("ascii")


def picture_blocks(pages: Sequence[PageImage]) -> dict[str, bytes]:
    """Give pictures of pages as blocks of a page, for its script to show. Raises ValueError as `image_source`."""
    return {f"{_PICTURE}{image.page}": _picture_block(image) for image in pages}


def _picture_block(image: PageImage) -> bytes:
    about = json_block({"width": image.width, "height": image.height})
    # Nothing in the address of a picture needs escaping.
    source = b'"source":"' + _source_head(image)
    return b"".join((about.removesuffix(b"}"), b",", source, base64.b64encode(image.data), b'"}'))


def _source_head(image: PageImage) -> bytes:
    if not _IMAGE_TYPE.fullmatch(image.media_type):
        raise ValueError(f"page {image.page}: {image.media_type!r} is not the media type of an image")
    return f"data:{image.media_type};base64,".encode("ascii")


def pictures_in(page: str) -> tuple[PageImage, ...]:
    """Take the pictures that `picture_blocks` put into a page out of it again; what is none of them is left out."""
    found = []
    for number, content in _PICTURE_BLOCK.findall(page):
        try:
            block: Any = json.loads(content)
            source = _SOURCE.fullmatch(block["source"])
            if source is not None:
                data = base64.b64decode(source[2], validate=True)
                found.append(PageImage(int(number), float(block["width"]), float(block["height"]), source[1], data))
        except (ValueError, KeyError, TypeError, binascii.Error):
            continue
    return tuple(found)
