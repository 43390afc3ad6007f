"""What leaves a list of parts open, so that they may add up to less than their total.

An item for which no amount is printed in any budget may cost anything from nothing upwards, and so may what a list leaves
out that the slide itself calls partial: in a note ("this document mainly describes …"), or at the end of an entry
(「…ほか」). Both are excuses for a shortfall only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.validation.figures import Ledger, folded
from pipeline.validation.messages import enumerate_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.check_sentences import FigureSelector, SaidWhen
    from pipeline.model import Row, Value

_CLOSING = ")]】」』、。.,"
"""What may stand behind the word that leaves a list open, folded."""


def items_without_amount(ledger: Ledger, items: Sequence[str]) -> list[str]:
    """Names of those of `items` for which no amount is printed in any budget, for themselves or for all below them."""
    names: list[str] = []
    for item_id in items:
        if ledger.amounts_of_items.get(item_id):
            continue
        below = ledger.children.get(item_id, ())
        names += items_without_amount(ledger, below) if below else [str(ledger.items[item_id].get("name") or "")]
    return names


def without_amount(ledger: Ledger, selector: FigureSelector) -> list[str]:
    """Names of the items, or of the categories, that a selector means and that have no amount in any budget."""
    if selector.subject_type == "item":
        return items_without_amount(ledger, [i for i, item in ledger.items.items() if is_top(ledger, item)])
    if selector.subject_type != "category":
        return []
    with_amount = {f.subject_id for f in ledger.figures["budget_amounts"] if f.subject_type == "category"}
    return [str(row.get("category") or "") for key, row in ledger.categories.items() if key not in with_amount]


def is_top(ledger: Ledger, item: dict[str, Value]) -> bool:
    """Whether it stands under no other item of its own category."""
    parent = ledger.items.get(str(item.get("parent_item_id") or ""))
    return parent is None or parent.get("category_id") != item.get("category_id")


def said_by(ledger: Ledger, rules: Sequence[SaidWhen], pages: set[int | None], parts: Sequence[str] = ()) -> str:
    """Names of the texts on the total's pages, and of the entries in its list, that say what the rules look for.

    `parts` are the items of the list. Empty where nothing says it.
    """
    names = []
    for rule in rules:
        phrases = [folded(p) for p in rule.says]
        for row in ledger.tables.get(rule.table, ()):
            text = folded(str(row.get("title" if rule.table == "slides" else "text") or ""))
            if (not pages or row.get("page") in pages) and any(p in text for p in phrases):
                names.append(_name_of_text(rule.table, row))
        endings = tuple(folded(p) for p in rule.items_end)
        for item_id in parts if endings else ():
            name = str(ledger.items[item_id].get("name") or "")
            if folded(name).rstrip(_CLOSING).endswith(endings):
                names.append(f'the entry "{name}"')
    return enumerate_words(names)


def _name_of_text(table: str, row: Row) -> str:
    if row.get("number") is not None:
        return f"Note {row['number']}"
    return f"the title of page {row.get('page')}" if table == "slides" else f"a text on page {row.get('page')}"
