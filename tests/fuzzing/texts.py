"""Texts that fuzzing the grammar of amounts starts from: each form of an amount, and what looks like one."""

from __future__ import annotations

from tests.amount_forms import FORMS

TEXTS = (
    *(form.printed for form in FORMS),
    "Draft budget for FY2025 : USD 1.3 billion",
    "［  1,234百万円の内数 ］",
    "（単位：百万円）",
    "(USD billion)",
    "in millions of US dollars 1.3 (2) △3 約5",
    "令和７年度補正予算 3,605億円程度",
    "Web 3.0 Beyond 5G Post-5 million yen",
    "0.3 million dollar [15 million dollar]",
    "1兆2,345億6,789万円",
    "皆増 皆減 ―",
)
