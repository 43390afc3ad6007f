"""Every form in which amounts are printed, with the value and the interval that a person gives it.

The tests of the grammar judge by them, and the README shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

M, OKU = 10**6, 10**8


@dataclass(frozen=True)
class Form:
    """An amount as printed, what the form is, and its value and interval in units of its currency."""

    printed: str
    about: str
    value: Decimal
    lower: Decimal
    upper: Decimal
    currency: str


def _form(
    printed: str, about: str, value: float | str, lower: float | str, upper: float | str, currency: str = "JPY"
) -> Form:
    return Form(printed, about, *(Decimal(str(number)) for number in (value, lower, upper)), currency)


FORMS = (
    _form("4.0 million dollar", "a decimal: half a step of the last digit", 4 * M, 3_950_000, 4_050_000, "USD"),
    _form("[124 million dollar]", "in brackets", 124 * M, 123_500_000, 124_500_000, "USD"),
    _form("a part of 2.0  million dollar", "a part of X: from 0", 2 * M, 0, 2_050_000, "USD"),
    _form("[a part of 2.6 million dollar]", "", 2_600_000, 0, 2_650_000, "USD"),
    _form("(part of 2.0 million dollars)", "", 2 * M, 0, 2_050_000, "USD"),
    _form("USD 1.3 billion", "the currency in front", 1300 * M, 1250 * M, 1350 * M, "USD"),
    _form("around USD 1.3 billion", "marked as approximate", 1300 * M, 1250 * M, 1350 * M, "USD"),
    _form("1.2 billion US dollars", "", 1200 * M, 1150 * M, 1250 * M, "USD"),
    _form("$1.06M", "abbreviated", 1_060_000, 1_055_000, 1_065_000, "USD"),
    _form("US$ 3.4 bn", "", 3400 * M, 3350 * M, 3450 * M, "USD"),
    _form("1,234 thousand yen", "thousands separators", 1_234_000, 1_233_500, 1_234_500),
    _form("JPY 12.5 billion", "", 12_500 * M, 12_450 * M, 12_550 * M),
    _form("up to $5 million", "X at most: from 0", 5 * M, 0, 5_500_000, "USD"),
    _form("USD 5 million or more", "X at least: to the next of its roundest step", 5 * M, 5 * M, 6 * M, "USD"),
    _form("€3.4 million", "another currency", 3_400_000, 3_350_000, 3_450_000, "EUR"),
    _form("1,969億円", "億: a hundred million", 1969 * OKU, 196_850_000_000, 196_950_000_000),
    _form(
        "1兆2,345億円", "two units: the last digit of the last one", 12_345 * OKU, 1_234_450_000_000, 1_234_550_000_000
    ),
    _form("１兆２，３４５億円", "full-width", 12_345 * OKU, 1_234_450_000_000, 1_234_550_000_000),
    _form("1兆 2,345億円", "", 12_345 * OKU, 1_234_450_000_000, 1_234_550_000_000),
    _form("８９．７億円", "", 8970 * M, 8965 * M, 8975 * M),
    _form("12億3,400万円", "", 1_234_000_000, 1_233_995_000, 1_234_005_000),
    _form("14万2000円", "万: ten thousand; a last number without a unit", 142_000, "141999.5", "142000.5"),
    _form("2千5百万円", "千 and 百 within a unit", 25 * M, 24_500_000, 25_500_000),
    _form("100百万円", "millions of yen", 100 * M, 99_500_000, 100_500_000),
    _form("1,234千円", "thousands of yen", 1_234_000, 1_233_500, 1_234_500),
    _form("三百億円", "Han digits", 300 * OKU, 250 * OKU, 350 * OKU),
    _form("341億円 の内数", "の内数: a part of X", 341 * OKU, 0, 34_150_000_000),
    _form("約3億円", "約: approximate", 3 * OKU, 250 * M, 350 * M),
    _form("3億円程度", "程度: approximate", 3 * OKU, 250 * M, 350 * M),
    _form("3億円以内", "以内: at most", 3 * OKU, 0, 350 * M),
    _form("100億円超", "超: at least", 100 * OKU, 100 * OKU, 200 * OKU),
    _form("1,500億円超", "", 1500 * OKU, 1500 * OKU, 1600 * OKU),
    _form("50億円余", "余: at least", 50 * OKU, 50 * OKU, 60 * OKU),
    _form("△3.2億円", "△ and ▲: negative", -320 * M, -325 * M, -315 * M),
    _form("▲5百万円", "", -5 * M, -5_500_000, -4_500_000),
    _form("−3.5億円", "a minus sign", -350 * M, -355 * M, -345 * M),
    _form("5億㌦", "", 5 * OKU, 450 * M, 550 * M, "USD"),
)
