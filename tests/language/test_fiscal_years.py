"""Fiscal years are read in both calendars; dates are not taken for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.fiscal_years import find_fiscal_years


@pytest.mark.parametrize(
    ("text", "year", "printed"),
    [
        ("令和７年度", 2025, "令和７年度"),  # 令和 1 is 2019
        ("令和元年度", 2019, "令和元年度"),
        ("令和七年度", 2025, "令和七年度"),
        ("平成31", 2019, "平成31"),  # 平成 1 is 1989
        ("平成三十一年度", 2019, "平成三十一年度"),
        ("昭和60年度", 1985, "昭和60年度"),  # 昭和 1 is 1926
        ("R7", 2025, "R7"),
        ("Ｒ６年度補正予算額", 2024, "Ｒ６年度"),
        ("（R７補正）", 2025, "R７"),
        ("H31年度", 2019, "H31年度"),
        ("令和6年補正予算", 2024, "令和6年"),
        ("FY2025", 2025, "FY2025"),
        ("for FY  2024 :", 2024, "FY 2024"),
        ("FY25", 2025, "FY25"),
        ("JFY2025", 2025, "JFY2025"),
        ("2025年度", 2025, "2025年度"),
        ("２０２５ 年度", 2025, "２０２５ 年度"),
        ("fiscal year 2025", 2025, "fiscal year 2025"),
        ("FY2021-2025", 2021, "FY2021"),
    ],
)
def test_a_printed_fiscal_year_is_read(text: str, year: int, printed: str) -> None:
    """Each form gives the Western year its fiscal year starts in, and the words that say so."""
    found = find_fiscal_years(text)
    assert [(f.year, f.printed) for f in found] == [(year, printed)]


@pytest.mark.parametrize(
    "text",
    [
        "令和７年５月成立",
        "令和7年末",
        "R7.4.1",
        "R2-D2",
        "H20",
        "S3",
        "2025年12月",
        "May 26, 2023",
        "R&D",
        "2025",
        "令和十十年度",
    ],
)
def test_a_date_or_a_name_is_no_fiscal_year(text: str) -> None:
    """Calendar years, months, chips and storage services are not fiscal years."""
    assert find_fiscal_years(text) == ()


@given(
    st.integers(1, 99),
    st.integers(1990, 2099),
    st.text(
        st.sampled_from(
            "予算 :（）",
        ),
        max_size=5,
    ),
)
def test_every_year_is_read_back_at_its_place(count: int, year: int, before: str) -> None:
    """A year printed in either calendar is found where it stands."""
    text = f"{before}令和{count}年度、FY{year}"
    first, second = find_fiscal_years(text)
    assert (first.year, second.year) == (2018 + count, year)
    assert text[second.start : second.end] == f"FY{year}"
    assert first.start == len(before)
