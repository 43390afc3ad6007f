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
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from pipeline.page_image import PageImage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PLAIN_VALUES = TypeAdapter[Any](Any)
_SLOT = re.compile(r"\{\{([a-z]+)\}\}")
_ESCAPES = {c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}
_IMAGE_TYPE = re.compile(r"image/[a-z0-9.+-]+")
_PICTURE = "picture-"
_PICTURE_BLOCK = re.compile(rf'<script type="application/json" id="{_PICTURE}([0-9]+)">(.*?)</script>', re.DOTALL)
_SOURCE = re.compile(r"data:(image/[a-z0-9.+-]+);base64,([A-Za-z0-9+/=]*)")


def asset(package: str, name: str) -> str:
    """Read a text file that stands in `package`."""
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")


def web_page(title: str, body: str, *, style: str, script: str = "", blocks: Mapping[str, object] | None = None) -> str:
    """Make a page: `title` and what stands in `blocks` (values of JSON by their element's id) are escaped here.

    `body` is HTML, in which the caller has escaped all that is not its own. `style` follows the look that all pages
    share. Without a script the page runs none.
    """
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    slots = {
        "title": escape(title),
        "allowed": f"'sha256-{digest}'" if script else "'none'",
        "style": asset("pipeline.web_page", "look.css") + style,
        "body": body,
        "blocks": "".join(
            f'<script type="application/json" id="{name}">{json_block(value)}</script>\n'
            for name, value in (blocks or {}).items()
        ),
        "script": f"<script>{script}</script>" if script else "",
    }
    # One pass, so that a slot's name in what fills another slot stays text.
    return _SLOT.sub(lambda match: slots[match[1]], asset("pipeline.web_page", "shell.html"))


def json_block(value: object) -> str:
    """Write `value` as JSON that may stand in an HTML script element: nothing in it can end one or start a comment.

    A number that is not finite is null.
    """
    text = _PLAIN_VALUES.dump_json(value).decode("utf-8")
    # One search a character: str.translate looks at every character of the text by itself.
    for character, escaped in _ESCAPES.items():
        text = text.replace(character, escaped)
    return text


def image_source(image: PageImage) -> str:
    """Write a picture as the address of an image. Raises ValueError where its media type is none of an image."""
    if not _IMAGE_TYPE.fullmatch(image.media_type):
        raise ValueError(f"page {image.page}: {image.media_type!r} is not the media type of an image")
    return f"data:{image.media_type};base64,{base64.b64encode(image.data).decode('ascii')}"


def picture_blocks(pages: Sequence[PageImage]) -> dict[str, object]:
    """Give pictures of pages as blocks of a page, for its script to show. Raises ValueError as `image_source`."""
    return {
        f"{_PICTURE}{image.page}": {"width": image.width, "height": image.height, "source": image_source(image)}
        for image in pages
    }


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
