"""A small but complete edition of a deck that does not exist, with at least one row in every table but the residue.

Run as a program it writes that edition into the folder named by its argument.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.model import Check, Edition, Place, Row
from pipeline.publishing import write_edition
from pipeline.table_schemas import load_table_schemas

if TYPE_CHECKING:
    from collections.abc import Mapping

SHA256 = "0123456789abcdef" * 4
SOURCES = [
    {
        "title": "Harbours of Atlantis",
        "path": "/somewhere/private/harbours-3025.pdf",
        "sha256": SHA256,
        "edition": "3025",
    }
]
LICENSES = [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "CC BY 4.0"}]


def amount(
    subject_type: str, subject_id: str, budget: str, value: str, half_step: str, printed: str, **more: object
) -> Row:
    """One row of budget_amounts whose bounds are `half_step` either side of `value`."""
    row: Row = {
        "subject_type": subject_type,
        "subject_id": subject_id,
        "budget": budget,
        "fiscal_year": 3025,
        "stage": "draft",
        "value": Decimal(value),
        "lower": Decimal(value) - Decimal(half_step),
        "upper": Decimal(value) + Decimal(half_step),
        "is_part_of": False,
        "currency": "USD",
        "printed": printed,
    }
    return {**row, **more}  # type: ignore[dict-item]


def tables() -> dict[str, list[Row]]:
    """Make the rows of the fictional edition."""
    return {
        "editions": [
            {
                "edition": "3025",
                "deck": "harbours",
                "title": "Harbours of Atlantis",
                "language": "en",
                "source_file": "harbours-3025.pdf",
                "source_sha256": SHA256,
                "pages": 1,
                "pdf_producer": None,
                "pdf_created": None,
                "pipeline_version": "0.0.1",
                "profile_sha256": None,
            }
        ],
        "slides": [
            {
                "page": 1,
                "kind": "budget",
                "title": "Harbours",
                "words": 9,
                "words_used": 8,
                "words_furniture": 1,
                "words_unaccounted": 0,
                "furniture": "page number 1",
            }
        ],
        "statements": [
            {"statement_id": "s/a", "page": 1, "heading": "Harbours", "text": '=SUM(1,2) "quoted"\nnext', "position": 0}
        ],
        "policy_measures": [
            {
                "measure_id": "m",
                "page": 1,
                "pillar": "Piers",
                "group": None,
                "text": "Piers (MoP, etc.)",
                "position": 0,
            },
            {
                "measure_id": "m/sub",
                "page": 1,
                "pillar": "Piers",
                "parent_measure_id": "m",
                "text": "- small piers",
                "position": 1,
            },
        ],
        "organizations": [
            {
                "organization_id": "ministry-of-piers",
                "name": "Ministry of Piers",
                "abbreviation": "MoP",
                "kind": "ministry",
            }
        ],
        "measure_organizations": [
            {"measure_id": "m", "organization_id": "ministry-of-piers", "printed": "MoP", "and_others": True}
        ],
        "institute_organizations": [
            {
                "organization_id": "ministry-of-piers",
                "role": "relevant ministry",
                "printed": "Ministry of Piers",
                "position": 0,
            }
        ],
        "bill_provisions": [
            {"provision_id": "p", "page": 1, "part": None, "section": "Purpose", "text": "@piers", "position": 0}
        ],
        "stated_figures": [
            {
                "figure_id": "f",
                "page": 1,
                "label": "Draft budget",
                "fiscal_year": 3025,
                "budget": "initial",
                "stage": "draft",
                "value": Decimal("1.3E+9"),
                "lower": Decimal(1250000000),
                "upper": Decimal(1350000000),
                "currency": "USD",
                "is_approximate": False,
                "printed": "USD 1.3 billion",
            }
        ],
        "budget_categories": [{"category_id": "piers", "page": 1, "category": "Piers, all", "position": 0}],
        "budget_items": [
            {
                "item_id": "piers/deep",
                "category_id": "piers",
                "category": "Piers, all",
                "group": "Deep",
                "parent_item_id": None,
                "name": "深い埠頭 – deep “pier”",
                "is_new": True,
                "is_ai_safety": False,
                "page": 1,
                "column": 1,
                "position": 0,
            },
            {
                "item_id": "piers/shallow",
                "category_id": "piers",
                "category": "Piers, all",
                "parent_item_id": "piers/deep",
                "name": "+shallow",
                "is_new": False,
                "is_ai_safety": True,
                "page": 1,
                "column": 1,
                "position": 1,
            },
        ],
        "budget_amounts": [
            amount("category", "piers", "initial", "1300000000", "50000000", "1.3 billion dollar"),
            amount("item", "piers/deep", "initial", "0.50", "0.005", "0.50 dollar"),
            amount(
                "item",
                "piers/deep",
                "supplementary",
                "4000000",
                "50000",
                "[4.0 million dollar]",
                fiscal_year=3024,
                stage=None,
            ),
            amount("note", "n3", "initial", "-2", "0.5", "▲2", currency="JPY", upper=None, is_approximate=True),
        ],
        "budget_trend": [
            {
                "fiscal_year": 3025,
                "budget": "initial",
                "series": "Initial",
                "value": Decimal(1300000000),
                "lower": Decimal(1250000000),
                "upper": Decimal(1350000000),
                "currency": "USD",
                "printed": "1.3",
                "bar_value": Decimal("1298765432.1234"),
            }
        ],
        "notes": [{"note_id": "n3", "number": 3, "mark": None, "page": 1, "text": "Tides, too."}],
        "item_organizations": [{"item_id": "piers/deep", "organization_id": "ministry-of-piers", "printed": "【港】"}],
        "evidence": [
            {
                "table": "budget_items",
                "key": "piers/deep",
                "field": "name",
                "part": 0,
                "page": 1,
                "x0": Decimal("10.25"),
                "top": Decimal(20),
                "x1": Decimal("30.5"),
                "bottom": Decimal("40.125"),
                "printed": "深い埠頭 – deep “pier”",
            }
        ],
        "residue": [],
    }


CHECKS = (
    Check(
        "total/initial",
        "total",
        "Draft budget",
        "inconsistent",
        "The parts add up to less.",
        stated=Decimal("1.3E+9"),
        lower=Decimal(1250000000),
        upper=None,
        slack=Decimal("-0.12345678901234567890"),
        noise=Decimal("0.4082482904638630163662140125"),
        rows=(Place("budget_amounts", "category/piers/initial"),),
        suspects=(Place("budget_items", "piers/deep", "a digit may be misread"), Place("notes", "n3")),
    ),
    Check("keys", "keys", "", "consistent", "Every key stands once."),
)


def edition(changed: Mapping[str, list[Row]] | None = None) -> Edition:
    """Make the fictional edition, some of its tables replaced by `changed`."""
    return Edition("harbours", "3025", "Harbours of Atlantis", {**tables(), **(changed or {})}, CHECKS)


def write(target: Path, changed: Mapping[str, list[Row]] | None = None, **more: object) -> Path:
    """Write the fictional edition into `target`, and give that folder."""
    options = {"schemas": load_table_schemas(), "sources": SOURCES, "version": "0.0.1", "licenses": LICENSES, **more}
    write_edition(edition(changed), target, **options)  # type: ignore[arg-type]
    return target


if __name__ == "__main__":
    write(Path(sys.argv[1]))
