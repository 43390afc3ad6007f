"""What several editions state of one budget: when it fits, when it was revised, and when it does not fit."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from stating_editions import Says, dollars, stating, yen

from pipeline.cross_edition import series_of
from pipeline.cross_edition.following import follow

if TYPE_CHECKING:
    from pipeline.cross_edition import EditionTables
    from pipeline.model import Check

INITIAL, SUPPLEMENTARY = "initial", "supplementary"


def checks(*editions: EditionTables) -> dict[str, Check]:
    """The checks by their ids, without the kind in front."""
    found = series_of(editions).checks
    assert {c.kind for c in found} <= {"cross_edition"}
    return {c.check_id.removeprefix("cross_edition/"): c for c in found}


def slides(initial: str) -> tuple[EditionTables, ...]:
    """The English slides of 2025, and the two Japanese ones that have their figures in yen; FY2025's is `initial`."""
    return (
        stating("en", "2025", dollars(2025, INITIAL, "1.3", "draft"), dollars(2024, SUPPLEMENTARY, "1.1")),
        stating("ja", "fy2025-initial", yen(2025, INITIAL, initial, "draft")),
        stating("ja", "fy2025-supplementary", yen(2024, SUPPLEMENTARY, "1653")),
    )


def test_the_official_figures_admit_one_rate() -> None:
    """1,969 億円 for USD 1.3 billion and 1,653 億円 for USD 1.1 billion fit one rate: 145.81 to 157.48 yen a dollar."""
    found = checks(*slides("1969"))
    assert list(found) == ["common-rate/en/2025/JPY-per-USD"]
    check = found["common-rate/en/2025/JPY-per-USD"]
    assert check.verdict == "consistent"
    assert "143.69 to 157.48 JPY per USD by FY2024 supplementary (ja/fy2025-supplementary)" in check.message
    assert "145.81 to 157.56 by FY2025 initial (ja/fy2025-initial)" in check.message
    assert "one rate gives all of them, 145.81 to 157.48" in check.message
    assert (check.lower, check.upper) == (Decimal("145.814814814"), Decimal("157.476190477"))
    assert {row.reason for row in check.rows} == {
        "en/2025, page 3",
        "ja/fy2025-initial, page 3",
        "ja/fy2025-supplementary, page 3",
    }


@pytest.mark.parametrize(
    ("initial", "verdict"),
    # (n - 0.5) / 1.35 against 165.35 / 1.05 and (n + 0.5) / 1.25 against 165.25 / 1.15, worked out by hand.
    [("2126", "consistent"), ("2127", "inconsistent"), ("1796", "consistent"), ("1795", "inconsistent")],
)
def test_a_figure_that_is_changed_enough_makes_the_check_fail(initial: str, verdict: str) -> None:
    """The last amount that rounding still admits passes, the next one by a single 億円 does not."""
    check = checks(*slides(initial))["common-rate/en/2025/JPY-per-USD"]
    assert check.verdict == verdict
    assert ("no one rate gives all of them" in check.message) == (verdict == "inconsistent")


def test_one_figure_alone_proves_no_rate() -> None:
    """A single rate is shown and the verdict left open: nothing could have contradicted it."""
    en, _, ja = slides("1969")
    check = checks(en, ja)["common-rate/en/2025/JPY-per-USD"]
    assert check.verdict == "undetermined"
    assert "143.69 to 157.48 JPY per USD" in check.message
    assert not series_of([en, ja]).is_inconsistent


def test_an_edition_is_held_to_one_rate_and_the_years_are_not() -> None:
    """English slides of two years were exchanged at the rates of two years; the Japanese slide that both share was not."""
    japanese = stating("ja", "fy2025", yen(2024, INITIAL, "1000"), yen(2025, INITIAL, "1000"))
    weak = stating("en", "2024", dollars(2024, INITIAL, "0.77"))
    strong = stating("en", "2025", dollars(2025, INITIAL, "0.64"))
    found = checks(japanese, weak, strong)
    assert {name: check.verdict for name, check in found.items()} == {
        "common-rate/en/2024/JPY-per-USD": "undetermined",
        "common-rate/en/2025/JPY-per-USD": "undetermined",
    }
    both = stating("en", "2025", dollars(2024, INITIAL, "0.77"), dollars(2025, INITIAL, "0.64"))
    assert checks(japanese, both)["common-rate/en/2025/JPY-per-USD"].verdict == "inconsistent"


def test_where_the_printing_does_not_tell_who_exchanged_both_are_checked() -> None:
    """Amounts printed equally coarse may each be the other's exchange."""
    one = stating("a", "1", Says(2024, INITIAL, "2.0", Decimal(10**9), "EUR"))
    two = stating("b", "1", Says(2024, INITIAL, "2.0", Decimal(10**9), "USD"))
    assert list(checks(one, two)) == ["common-rate/a/1/EUR-per-USD", "common-rate/b/1/EUR-per-USD"]


def test_a_draft_that_was_changed_is_revised_and_not_wrong() -> None:
    """A draft of 0.6 and a settled 1.3 billion prove nothing wrong, and the message says why."""
    draft = stating("en", "2026", dollars(2026, INITIAL, "0.6", "draft"))
    settled = stating("en", "2027", dollars(2026, INITIAL, "1.3"))
    check = checks(draft, settled)["same-figure/2026-initial/USD"]
    assert check.verdict == "undetermined"
    assert "revised" in check.message
    assert "a draft may be changed before it is settled" in check.message
    assert not series_of([draft, settled]).is_inconsistent


def test_a_draft_does_not_excuse_the_others() -> None:
    """Two settled statements that contradict each other are inconsistent, whatever the draft was."""
    found = checks(
        stating("en", "2026", dollars(2026, INITIAL, "0.6", "draft")),
        stating("en", "2027", dollars(2026, INITIAL, "1.3")),
        stating("en", "2028", dollars(2026, INITIAL, "1.5")),
    )
    assert found["same-figure/2026-initial/USD"].verdict == "inconsistent"


def test_the_edition_that_does_not_fit_is_named() -> None:
    """Of three editions the one is suspected without which the rest fits; of two, neither more than the other."""
    three = [
        stating("en", name, dollars(2024, INITIAL, value))
        for name, value in (("2025", "0.8"), ("2026", "0.5"), ("2027", "0.80"))
    ]
    check = checks(*three)["same-figure/2024-initial/USD"]
    assert check.verdict == "inconsistent"
    assert [place.reason for place in check.suspects] == ["en/2026, page 3; without it the rest fits"]
    assert checks(*three[:2])["same-figure/2024-initial/USD"].suspects == ()


def test_another_rounding_is_the_same_figure() -> None:
    """0.8 billion and 840 million mean one number, 0.8 and 860 million do not, around 0.8 and 860 million do."""

    def verdict(first: Says, second: str) -> str:
        later = stating("en", "2026", dollars(2024, INITIAL, second))
        return checks(stating("en", "2025", first), later)["same-figure/2024-initial/USD"].verdict

    assert verdict(dollars(2024, INITIAL, "0.8"), "0.840") == "consistent"
    assert verdict(dollars(2024, INITIAL, "0.8"), "0.860") == "inconsistent"
    assert verdict(dollars(2024, INITIAL, "0.8", around=True), "0.860") == "consistent"


def test_an_edition_that_contradicts_itself_is_named_and_gives_no_rate() -> None:
    """Two statements of one figure that no number rounds to are no revision, even of a draft."""
    torn = stating("en", "2025", dollars(2025, INITIAL, "1.3", "draft"), dollars(2025, INITIAL, "1.5", label="other"))
    found = series_of([torn, stating("ja", "fy2025", yen(2025, INITIAL, "1969"))])
    (check,) = found.checks
    assert check.verdict == "inconsistent"
    assert "contradicts itself" in check.message
    assert found.figures[0].rates == ()


def test_a_draft_in_one_currency_may_explain_rates_that_do_not_fit() -> None:
    """Where only the pair of a draft with a settled figure is out of line, the verdict is left open."""
    english = stating("en", "2025", dollars(2025, INITIAL, "1.3", "draft"), dollars(2024, SUPPLEMENTARY, "1.1"))
    later = stating("ja", "fy2026", yen(2025, INITIAL, "2500"), yen(2024, SUPPLEMENTARY, "1653"))
    check = checks(english, later)["common-rate/en/2025/JPY-per-USD"]
    assert check.verdict == "undetermined"
    assert "a draft may be changed" in check.message
    drafted = stating("ja", "fy2026", yen(2025, INITIAL, "2500", "draft"), yen(2024, SUPPLEMENTARY, "1653"))
    assert checks(english, drafted)["common-rate/en/2025/JPY-per-USD"].verdict == "inconsistent"


def test_every_statement_is_shown_and_none_is_lost() -> None:
    """Several statements of one edition all stand there; one without year or budget stands apart."""
    english = stating(
        "en",
        "2025",
        dollars(2025, INITIAL, "1.3", "draft"),
        dollars(2025, INITIAL, "1.3", "draft", around=True, label="again"),
        dollars(None, INITIAL, "9.9", label="of no year"),
        dollars(2025, None, "8.8", label="of no budget"),
    )
    found = series_of([english])
    assert [s.label for s in found.figures[0].by_edition[0].statements] == ["a figure", "again"]
    assert [s.label for s in found.unplaced] == ["of no year", "of no budget"]
    first = found.figures[0].by_edition[0].statements[0]
    assert (first.page, first.spots[0].box.x1) == (3, 90.5)


def test_the_order_in_which_editions_are_found_does_not_matter() -> None:
    """Editions stand by deck, oldest first (2 before 10), however they were listed."""
    editions = [*slides("1969"), stating("en", "10", dollars(2025, INITIAL, "1.2")), stating("en", "9")]
    expected = follow(editions), series_of(editions)
    assert [str(e) for e in expected[1].editions] == [
        "en/9",
        "en/10",
        "en/2025",
        "ja/fy2025-initial",
        "ja/fy2025-supplementary",
    ]
    for shuffled in itertools.islice(itertools.permutations(editions), 0, 120, 7):
        assert (follow(shuffled), series_of(shuffled)) == expected


def test_rates_are_quoted_so_that_they_are_above_one() -> None:
    """Yen a dollar and not dollars a yen, whichever currency comes first by name."""
    units = {rate.unit for figure in series_of(slides("1969")).figures for rate in figure.rates}
    assert units == {"JPY per USD"}
    one = stating("a", "1", Says(2024, INITIAL, "0.012", Decimal(10**9), "GBP"))
    two = stating("b", "1", Says(2024, INITIAL, "2.0", Decimal(10**9), "INR"))
    (figure,) = series_of([one, two]).figures
    assert figure.rates[0].unit == "INR per GBP"
