"""Check kind `cross_edition`: what several editions state of one budget fits together.

Two claims. In one currency, all editions that state a figure mean one number (Calculations 1.1 on duplicate facts: all
intervals have a number in common). In two currencies, an edition was exchanged at one rate: all rates that its figures
imply have one in common.

A draft may be changed before it is settled, so a figure that only fits without the drafts was revised: that proves
nothing wrong, and the verdict is `undetermined`. Where what is at one stage does not fit, it is `inconsistent`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from pipeline.cross_edition.rates import RATE_DIGITS, common_rate, digits_to_show, rate_text
from pipeline.model import Check, Place
from pipeline.validation.intervals import intersect_all
from pipeline.validation.messages import enumerate_words, format_interval, format_money, scale_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pipeline.cross_edition.following import EditionFigure, FigureSeries, ImpliedRate
    from pipeline.model import Verdict
    from pipeline.validation.figures import Figure
    from pipeline.validation.intervals import Interval

KIND = "cross_edition"

_T = TypeVar("_T")


def cross_edition_checks(figures: Sequence[FigureSeries]) -> tuple[Check, ...]:
    """One check for each figure that several editions state in one currency, and one for each edition that was exchanged.

    `rows` and `suspects` are rows of the tables of stated figures, their edition and page in `reason`; of a rate,
    `lower` and `upper` are the common one's ends, rounded outwards. A figure on which an edition contradicts itself is
    checked even where no other states it. Suspects are what has to be left out for the rest to fit.
    """
    return (*_same_figure_checks(figures), *_common_rate_checks(figures))


def _same_figure_checks(figures: Sequence[FigureSeries]) -> Iterator[Check]:
    for figure in figures:
        currencies: dict[str, list[EditionFigure]] = {}
        for side in figure.by_edition:
            currencies.setdefault(side.currency, []).append(side)
        for currency, sides in currencies.items():
            if len(sides) > 1 or sides[0].interval is None:
                yield same_figure_check(figure, currency, sides)


def same_figure_check(figure: FigureSeries, currency: str, sides: Sequence[EditionFigure]) -> Check:
    """Whether all `sides`, editions' statements of `figure` in `currency`, can mean one number."""

    def fits(listed: Sequence[EditionFigure]) -> bool:
        return _common_amount(listed) is not None

    # An edition that contradicts itself was not revised.
    torn = any(side.interval is None for side in sides)
    verdict = "inconsistent" if torn else _verdict(sides, fits, [s for s in sides if not s.stage])
    first = sides[0].statements[0].figure
    others = _common_amount(sides[1:]) if len(sides) > 1 else None
    return Check(
        f"{KIND}/same-figure/{figure.name.slug}/{currency}",
        KIND,
        f"{figure.name} in {currency}",
        verdict,
        f"{figure.name}: stated as {enumerate_words([_stated(s) for s in sides])}: {outcome_of(verdict, sides)}.",
        stated=first.value,
        lower=others.lower if others else None,
        upper=others.upper if others else None,
        rows=tuple(place for side in sides for place in _places(side)),
        suspects=_suspects(_culprits(sides, fits, id)) if verdict == "inconsistent" else (),
    )


def outcome_of(verdict: Verdict, sides: Sequence[EditionFigure]) -> str:
    """What came of holding `sides` against one another, in words."""
    if verdict == "consistent":
        return "consistent"
    if verdict == "undetermined":
        return "revised, no amount rounds to all of them; a draft may be changed before it is settled: undetermined"
    drafts = "" if any(side.stage for side in sides) else " and none is called a draft"
    return f"inconsistent, no amount rounds to all of them{drafts}"


def _common_amount(sides: Sequence[EditionFigure]) -> Interval | None:
    return intersect_all(statement.figure.interval for side in sides for statement in side.statements)


def _common_rate_checks(figures: Sequence[FigureSeries]) -> Iterator[Check]:
    exchanged: dict[tuple[str, str], list[tuple[EditionFigure, ImpliedRate]]] = {}
    for figure in figures:
        for rate in figure.rates:
            for side in rate.converted:
                exchanged.setdefault((str(side.edition), rate.unit), []).append((side, rate))
    for (edition, unit), listed in sorted(exchanged.items(), key=lambda entry: entry[0]):
        yield _common_rate(edition, unit, listed)


def _common_rate(edition: str, unit: str, listed: Sequence[tuple[EditionFigure, ImpliedRate]]) -> Check:
    def fits(some: Sequence[ImpliedRate]) -> bool:
        return common_rate(r.rate for r in some) is not None

    rates = [rate for _, rate in listed]
    verdict = _verdict(rates, fits, [r for r in rates if r.same_stage])
    common = common_rate(r.rate for r in rates)
    digits = digits_to_show([r.rate for r in rates])
    says = [
        f"{rate_text(rate.rate, unit if n == 0 else '', digits)} by {rate.name} ({rate.other(side).edition})"
        for n, (side, rate) in enumerate(listed)
    ]
    figures = {rate.name for rate in rates}
    if verdict == "consistent" and common is not None and len(figures) == 1:
        verdict = "undetermined"
        outcome = "there is no other figure to compare it with: undetermined"
    elif verdict == "consistent" and common is not None:
        outcome = f"one rate gives all of them, {rate_text(common, '')}: consistent"
    elif verdict == "undetermined":
        outcome = "no one rate gives all of them, but a draft may be changed before it is settled: undetermined"
    else:
        outcome = "inconsistent, no one rate gives all of them"
    culprits = _culprits(rates, fits, lambda rate: rate.name) if verdict == "inconsistent" else []
    lower, upper = common.rounded(RATE_DIGITS) if common is not None else (None, None)
    return Check(
        f"{KIND}/common-rate/{edition}/{unit.replace(' ', '-')}",
        KIND,
        f"{edition}, {unit}",
        verdict,
        f"{edition}, implied exchange rates: {enumerate_words(says)}: {outcome}.",
        lower=lower,
        upper=upper,
        rows=tuple(dict.fromkeys(p for s, r in listed for p in (*_places(s), *_places(r.other(s))))),
        suspects=_suspects([s for s, r in listed if r in culprits]),
    )


def _verdict(everything: Sequence[_T], fits: Callable[[Sequence[_T]], bool], without_drafts: Sequence[_T]) -> Verdict:
    if fits(everything):
        return "consistent"
    return "undetermined" if fits(without_drafts) else "inconsistent"


def _culprits(
    everything: Sequence[_T], fits: Callable[[Sequence[_T]], bool], group: Callable[[_T], object]
) -> list[_T]:
    """What has to be left out, all of one group at once, for the rest to fit; nothing where any would do."""
    found = [one for one in everything if fits([other for other in everything if group(other) != group(one)])]
    return found if len(found) < len(everything) else []


def _suspects(sides: Sequence[EditionFigure]) -> tuple[Place, ...]:
    return tuple(
        dict.fromkeys(replace(p, reason=f"{p.reason}; without it the rest fits") for s in sides for p in _places(s))
    )


def most_precise(side: EditionFigure) -> Figure:
    """Of an edition's statements of a figure the one that says most, as it is printed."""
    figures = (statement.figure for statement in side.statements)
    return min(figures, key=lambda f: (f.step is None, f.step or 0, f.is_approximate))


def _stated(side: EditionFigure) -> str:
    """For instance `draft USD 1.3 billion (1.25 to 1.35) in a-deck/2025`: the statement that says most."""
    figure = most_precise(side)
    scale = scale_of(figure.step)
    interval = figure.interval if side.interval is None else side.interval
    words = [side.stage, "around" if figure.is_approximate else ""]
    money = format_money(figure.value, figure.currency, scale, figure.step)
    itself = ", which contradicts itself" if side.interval is None else ""
    shown = f"{money} ({format_interval(interval, scale)}) in {side.edition}{itself}"
    return " ".join([*(w for w in words if w), shown])


def _places(side: EditionFigure) -> tuple[Place, ...]:
    return tuple(
        Place(s.figure.table, s.figure.key, f"{side.edition}" + (f", page {s.page}" if s.page else ""))
        for s in side.statements
    )
