"""Amounts: what is printed becomes a value and the interval its digits leave, in one grammar for two languages."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kanjize import kanji2number

from pipeline.language.amounts import (
    amount_on_scale,
    find_amounts,
    find_scale,
    format_amount,
    format_interval,
    format_money,
    is_amount_fragment,
    load_vocabulary,
    mark_kind,
)
from tests.amount_forms import FORMS, Form

VOCABULARY = load_vocabulary(Path(__file__).parents[2] / "schemas")
M, B, OKU = 10**6, 10**9, 10**8


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.printed)
def test_each_form_has_its_value_and_interval(form: Form) -> None:
    """A form is one amount, all of it, with the interval of half a step of its last printed digit."""
    (found,) = find_amounts(form.printed, VOCABULARY)
    amount = found.amount
    assert (amount.value, amount.lower, amount.upper) == (form.value, form.lower, form.upper)
    assert amount.currency == form.currency
    assert (found.start, found.end) == (0, len(form.printed))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Japan[79 million dollar]", ["79 million dollar"]),
        ("(TRIP-AGIS)16 million dollar", ["16 million dollar"]),
        ("employees11 million dollar", ["11 million dollar"]),
        ("materials2.3 million dollar", ["2.3 million dollar"]),
        ("etc.16 million dollar", ["16 million dollar"]),
        ("[New]a part of 0.9 million dollar", ["a part of 0.9 million dollar"]),
        ("0.3 million dollar [15 million dollar]", ["0.3 million dollar", "15 million dollar"]),
        ("Draft budget for FY2024 USD 1.3 billion", ["USD 1.3 billion"]),
        ("name – 3 million dollar", ["3 million dollar"]),
        ("Post-5 million yen", ["5 million yen"]),
        ("契約3億円", ["3億円"]),
        ("3億円 超伝導", ["3億円"]),
        ("（予算100億円の内数）", ["100億円の内数"]),
        ("3億5兆円", ["5兆円"]),
    ],
)
def test_an_amount_is_cut_out_of_its_line(text: str, printed: list[str]) -> None:
    """What is glued to an amount or looks like a phrase of it stays out of it."""
    assert [found.amount.printed for found in find_amounts(text, VOCABULARY)] == printed


@pytest.mark.parametrize(
    "text",
    [
        "society5.0",
        "Web 3.0",
        "Post-5G",
        "2019.3",
        "6G",
        "FY2025 million dollars",
        "May 26, 2023",
        "44億冊",
        "3 million users",
        "130億～3,110億パラメータ",
        "九州一円",
        "百億円規模",
        "3円滑な",
        "5 m",
        "12345678901234567890",
        "-",
        "皆減",
        "R$ 5",
    ],
)
def test_a_number_without_money_is_no_amount(text: str) -> None:
    """Neither a bare number nor one that counts something else is money, whatever currency is assumed."""
    assert find_amounts(text, VOCABULARY) == ()
    assert find_amounts(text, VOCABULARY, "JPY") == ()


@pytest.mark.parametrize("text", ["1,23 million dollar", "1千5000円"])
def test_a_number_that_does_not_fit_together_is_not_guessed_at(text: str) -> None:
    """Wrong separators and a part too large for its place give no amount made of the whole or of its head."""
    assert all(found.amount.printed == "5000円" for found in find_amounts(text, VOCABULARY))


def test_the_assumed_currency_is_only_for_units_without_one() -> None:
    """3,605億 is found only with a currency assumed; a printed one is not replaced."""
    assert find_amounts("3,605億", VOCABULARY) == ()
    assert find_amounts("3,605億の内数", VOCABULARY, "JPY")[0].amount.upper == Decimal(360_550_000_000)
    assert find_amounts("3,605億", VOCABULARY, "JPY")[0].amount.currency == "JPY"
    assert find_amounts("5億ドル", VOCABULARY, "JPY")[0].amount.currency == "USD"


@pytest.mark.parametrize("pair", ["[]", "()", "（）", "【】", "［］"])
def test_brackets_directly_around_belong_to_the_amount(pair: str) -> None:
    """A pair of brackets is covered and named as printed; half a pair is not."""
    (found,) = find_amounts(f"x {pair[0]} 3 million yen {pair[1]} y", VOCABULARY)
    assert (found.bracket, found.start, found.amount.printed) == (pair[0], 2, "3 million yen")
    for broken in (f"{pair[0]}3 million yen", f"{pair[0]}3 million yen〕"):
        assert find_amounts(broken, VOCABULARY)[0].bracket == ""


def test_phrases_say_how_an_amount_is_meant() -> None:
    """Part of, approximate and one-sided amounts are marked."""
    part, about, most, least = (
        find_amounts(text, VOCABULARY)[0] for text in ("3億円の内数", "約3億円", "3億円以内", "3億円超")
    )
    assert part.amount.is_part_of
    assert not part.amount.is_approximate
    assert about.amount.is_approximate
    assert (about.bound, most.bound, least.bound) == ("", "at most", "at least")


NUMBERS = st.tuples(st.integers(0, 999_999), st.integers(0, 3))
ENGLISH = {"thousand": 10**3, "million": M, "mn": M, "billion": B, "bn": B, "trillion": 10**12}
JAPANESE = {"": 1, "千": 10**3, "万": 10**4, "百万": M, "億": OKU, "十億": B, "兆": 10**12}
WIDE = str.maketrans("0123456789,.", "０１２３４５６７８９，．")


@settings(max_examples=300)
@given(
    NUMBERS,
    st.booleans(),
    st.sampled_from(["USD {n} {u}", "${n}{u}", "{n} {u} dollars", "[{n}  {u} US dollar]", "name{n} {u} dollar"]),
    st.sampled_from(sorted(ENGLISH)),
)
def test_an_english_amount_is_read_back(number: tuple[int, int], grouped: bool, form: str, unit: str) -> None:
    """Printing any number in any unit and form and reading it gives half a step around it."""
    digits, value = _printed(number, grouped=grouped)
    (found,) = find_amounts(form.format(n=digits, u=unit), VOCABULARY)
    _assert_interval(found.amount.lower, found.amount.upper, value, number[1], ENGLISH[unit])


@settings(max_examples=300)
@given(
    NUMBERS,
    st.booleans(),
    st.booleans(),
    st.sampled_from(["{}円", "約{}円", "（{}円）", "予算{}円", "{} 円"]),
    st.data(),
)
def test_a_japanese_amount_is_read_back(
    number: tuple[int, int], grouped: bool, wide: bool, form: str, data: st.DataObject
) -> None:
    """The same for Han units, digits in either width."""
    unit = data.draw(st.sampled_from(sorted(JAPANESE)))
    digits, value = _printed(number, grouped=grouped)
    text = form.format((digits.translate(WIDE) if wide else digits) + unit)
    (found,) = find_amounts(text, VOCABULARY)
    _assert_interval(found.amount.lower, found.amount.upper, value, number[1], JAPANESE[unit])


PHRASES = {  # around a positive amount: its meaning
    "{}": "",
    "約{}": "approximate",
    "{}程度": "approximate",
    "{}の内数": "part of",
    "{}以内": "at most",
    "△{}": "negative",
    "▲{}": "negative",
}


@settings(max_examples=300)
@given(
    st.integers(1, 9999),
    st.integers(1, 9999),
    st.sampled_from(
        [("兆", "億", 10**12, OKU), ("億", "万", OKU, 10**4), ("億", "百万", OKU, 10**6), ("万", "", 10**4, 1)]
    ),
    st.sampled_from(sorted(PHRASES)),
    st.booleans(),
    st.booleans(),
)
def test_a_mixed_amount_is_read_back(
    high: int, low: int, units: tuple[str, str, int, int], form: str, grouped: bool, wide: bool
) -> None:
    """Two units behind each other (1兆2,345億円, 14万2000円) give half a step of the last digit of the last unit."""
    upper_unit, lower_unit, upper_worth, lower_worth = units
    low = low % (upper_worth // lower_worth) or 1
    digits = f"{high}{upper_unit}{low:,}" if grouped else f"{high}{upper_unit}{low}"
    text = form.format((digits.translate(WIDE) if wide else digits) + lower_unit + "円")
    (found,) = find_amounts(text, VOCABULARY)
    value, half = high * upper_worth + low * lower_worth, Decimal(lower_worth) / 2
    meaning = PHRASES[form]
    sign = -1 if meaning == "negative" else 1
    floor = Decimal(0) if meaning in ("part of", "at most") else value - half
    assert found.amount.value == sign * value
    assert (found.amount.lower, found.amount.upper) == tuple(sorted((sign * floor, sign * (value + half))))
    assert found.amount.is_part_of == (meaning == "part of")
    assert found.amount.is_approximate == (meaning in ("approximate", "at most"))


@given(
    st.text(st.sampled_from("[(3.,億万円 a part of million dollar]の内数約△-USD$FY５")), st.sampled_from([None, "JPY"])
)
def test_what_is_found_stands_where_it_is_said(text: str, currency: str | None) -> None:
    """Spans are in order, do not overlap, and hold the printed words; the interval holds the value."""
    end = 0
    for found in find_amounts(text, VOCABULARY, currency):
        assert end <= found.start < found.end <= len(text)
        inner = text[found.start + bool(found.bracket) : found.end - bool(found.bracket)]
        assert " ".join(inner.split()) == found.amount.printed
        assert found.amount.lower <= found.amount.value <= found.amount.upper
        end = found.end


KANJIZE_AGREES = [
    "1兆2345億",
    "14万2000",
    "二千五百万",
    "三百億",
    "2千5百万",
    "1.5兆",
    "100百万",
    "千二百三十四億五千六百七十八万",
]


@pytest.mark.parametrize("number", KANJIZE_AGREES)
def test_the_reading_agrees_with_kanjize(number: str) -> None:
    """An independent reader of Japanese numbers gives the same value."""
    assert find_amounts(f"{number}円", VOCABULARY)[0].amount.value == kanji2number(number)


def test_differences_from_kanjize_are_these() -> None:
    """Kanjize refuses separators; a number without a digit is its value there and a unit here."""
    with pytest.raises(ValueError, match="invalid"):
        kanji2number("1兆2,345億")
    assert find_amounts("1兆2,345億円", VOCABULARY)[0].amount.value == kanji2number("1兆2345億")
    assert kanji2number("十億") == B
    assert find_amounts("十億円", VOCABULARY) == ()


@pytest.mark.parametrize(
    "text",
    [
        "の内数",
        "million dollar]",
        "[a part of 2.0",
        "dollar",
        "[13",
        "a part",
        "of 2.0 million dollar",
        "341億円",
        "USD 1.3",
    ],
)
def test_a_piece_of_an_amount_is_recognised(text: str) -> None:
    """A broken-off piece of an amount consists of its vocabulary alone."""
    assert is_amount_fragment(text, VOCABULARY)


@pytest.mark.parametrize(
    "text", ["", "5", "2025", "a", "of", "(1)", "5G", "apart", "AI", "US", "2.0 million dollar of the"]
)
def test_other_words_are_no_piece_of_an_amount(text: str) -> None:
    """A bare number is one only when asked for; any other word never."""
    assert not is_amount_fragment(text, VOCABULARY)
    assert is_amount_fragment(text, VOCABULARY, bare_numbers=True) == text.strip("()").isdecimal()


def test_a_phrase_in_brackets_ends_the_search_for_pieces() -> None:
    """A bracket without the rest of a phrase, as of "(part)", is no piece and is not looked at for ever."""
    assert not is_amount_fragment("(Cabinet Office)", VOCABULARY)
    (found,) = find_amounts("5.8 million dollar (part)", VOCABULARY)
    assert (found.amount.is_part_of, found.end) == (True, len("5.8 million dollar (part)"))


@pytest.mark.parametrize(
    ("text", "currency", "factor"),
    [
        ("Trends in Budgets (USD billion)", "USD", B),
        ("(100 million yen)", "JPY", OKU),
        ("（億円）", "JPY", OKU),
        ("（単位：百万円）", "JPY", M),
        ("単位：億円、％", "JPY", OKU),
        ("in millions of US dollars", "USD", M),
        ("(円)", "JPY", 1),
        ("US$ bn", "USD", B),
    ],
)
def test_a_unit_caption_gives_the_scale(text: str, currency: str, factor: int) -> None:
    """The caption of a table or chart says what a printed 1 is worth."""
    scale = find_scale(text, VOCABULARY)
    assert scale is not None
    assert (scale.currency, scale.factor) == (currency, Decimal(factor))


@pytest.mark.parametrize("text", ["[124 million dollar]", "invested in dollars", "dollar", "AI (SIP)", "3億円"])
def test_prose_and_amounts_are_no_unit_caption(text: str) -> None:
    """An amount has a number of its own; a word in prose is no caption."""
    assert find_scale(text, VOCABULARY) is None


def test_a_label_is_read_on_its_scale() -> None:
    """Digits give the interval, the scale the worth; a label with its own unit keeps that."""
    scale = find_scale("（億円）", VOCABULARY)
    assert scale is not None
    label = amount_on_scale("1,969", scale, VOCABULARY)
    assert label is not None
    assert (label.lower, label.upper, label.unit) == (Decimal(196_850_000_000), Decimal(196_950_000_000), Decimal(OKU))
    negative, own = amount_on_scale("△3", scale, VOCABULARY), amount_on_scale("3兆円", scale, VOCABULARY)
    assert negative is not None
    assert negative.value == -3 * OKU
    assert own is not None
    assert own.value == 3 * 10**12
    assert [amount_on_scale(text, scale, VOCABULARY) for text in ("-", "2025年", "1 2", "AI")] == [None] * 4


def test_marks_in_place_of_an_amount_have_a_kind() -> None:
    """A dash is nothing, 皆減 an end, 皆増 a beginning; a number is no mark."""
    assert [mark_kind(t, VOCABULARY) for t in ("-", "―", "皆減", "（皆増）", "5")] == [
        "nothing",
        "nothing",
        "abolished",
        "new",
        "",
    ]


def test_money_is_short_for_people() -> None:
    """The largest unit that fits, exact, with the digits that were printed."""
    assert format_money(Decimal(1300 * M), "USD") == "USD 1.3 billion"
    assert format_money(Decimal(12_345), "JPY") == "JPY 12,345"
    assert format_interval(Decimal(1250 * M), Decimal(1350 * M), "USD") == "USD 1.25–1.35 billion"
    assert (
        format_amount(find_amounts("a part of 4.0 million dollar", VOCABULARY)[0].amount) == "part of USD 4.0 million"
    )


def _printed(number: tuple[int, int], *, grouped: bool) -> tuple[str, Decimal]:
    """Digits with `number[1]` decimals, and their value."""
    value = Decimal(number[0]).scaleb(-number[1])
    return (f"{value:,f}" if grouped else f"{value:f}"), value


def _assert_interval(lower: Decimal, upper: Decimal, value: Decimal, decimals: int, unit: int) -> None:
    half = Decimal(5).scaleb(-decimals - 1)
    assert (lower, upper) == ((value - half) * unit, (value + half) * unit)
