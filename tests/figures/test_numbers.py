"""Rounding and wording of figures: worked examples of domain.md §3G and §10.7, and what must hold for any number."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, strategies as st

from envdesk.figures.numbers import (
    change_text,
    count_text,
    measured_text,
    measured_value,
    plain,
    rate_text,
    rate_value,
    rounded,
    scaled_text,
    scaled_value,
)

DECIMALS = st.integers(0, 4)
COUNTS = st.integers(0, 10**7)


@pytest.mark.parametrize(
    ("numer", "denom", "text"),
    [
        (12345, 12346, "99.99%"),  # W5
        (19999, 20000, "99.99%"),  # W5: 99.995 must not round to 100
        (3, 6, "50.00%"),
        (4, 6, "66.67%"),
        (7, 11, "63.64%"),  # W3
        (153, 156, "98.08%"),  # not truncated
        (66, 66, "100%"),
        (0, 9, "0%"),
        (1, 10**6, "0.01%"),
        (67, 66, "101.52%"),
        (20001, 20000, "100.01%"),
        (0, 0, "—"),
        (5, 0, "—"),
        (None, 3, "—"),
        (1, None, "—"),
    ],
)
def test_rate(numer, denom, text):
    assert rate_text(numer, denom) == text


@pytest.mark.parametrize(
    ("numer", "denom", "decimals", "text"),
    [(264, 287, 0, "92%"), (286, 287, 0, "99%"), (1, 1000, 0, "1%"), (115, 168, 1, "68.5%"), (98, 169, 1, "58.0%")],
)
def test_rate_with_decimals_of_the_figure(numer, denom, decimals, text):
    assert rate_text(numer, denom, decimals) == text


def test_rate_value_is_the_number_as_printed():
    assert rate_value(83, 84) == Decimal("98.81")
    assert rate_value(3, 3) == 100
    assert rate_value(1, 0) is None


@given(COUNTS, st.integers(1, 10**7), DECIMALS)
def test_rate_is_complete_or_empty_only_when_it_is(numer, denom, decimals):
    text, value = rate_text(numer, denom, decimals), rate_value(numer, denom, decimals)

    assert (text == "100%") == (numer == denom) == (value == 100)
    assert (text == "0%") == (numer == 0) == (value == 0)
    assert Decimal(text[:-1]) == value


@given(COUNTS, COUNTS, st.integers(1, 10**6), DECIMALS)
def test_rate_is_monotone(a, b, denom, decimals):
    low, high = sorted((a, b))

    assert rate_value(low, denom, decimals) <= rate_value(high, denom, decimals)


@given(COUNTS, st.integers(1, 10**6), DECIMALS)
def test_rate_is_half_up_to_the_last_digit(numer, denom, decimals):
    share = Fraction(numer, denom) * 100
    steps = int(share * 10**decimals + Fraction(1, 2))  # half up, exact
    limits = {0, 100 * 10**decimals}
    assume(steps not in limits)

    assert rate_value(numer, denom, decimals) == Decimal(steps).scaleb(-decimals)


# ------------------------------------------------------------------------------------------------ counts and amounts
def test_count():
    assert count_text(0) == "0"
    assert count_text(1234567) == "1234567"
    assert count_text(12.0) == "12"
    assert count_text(1.25) == "1.25"
    assert count_text(None) == "—"


@pytest.mark.parametrize(
    ("fen", "decimals", "text"),
    [
        (2_550_050, 2, "2.55"),  # W4
        (2_555_000, 2, "2.56"),
        (2_545_000, 2, "2.55"),
        (2_096_200, None, "2.0962"),
        (168_140_400, None, "168.1404"),
        (5_000_000, None, "5"),
        (1, None, "0.000001"),
        (100, 2, "0.00"),
        (0, 2, "0"),
        (None, 2, "—"),
        (5_000_000, 2, "5.00"),
    ],
)
def test_amount_in_ten_thousands(fen, decimals, text):
    assert scaled_text(fen, 1_000_000, decimals) == text


def test_amount_as_number():
    assert scaled_value(2_550_050, 1_000_000) == Decimal("2.55")
    assert scaled_value(None) is None


@given(st.integers(0, 10**40), st.sampled_from([1, 100, 10**6, 7]), DECIMALS)
def test_amount_is_half_up_for_any_size(value, scale, decimals):
    steps = int(Fraction(value, scale) * 10**decimals + Fraction(1, 2))

    assert Fraction(scaled_value(value, scale, decimals)) == Fraction(steps, 10**decimals)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (12.5, 0, "12"),
        (13.5, 0, "14"),
        ("12.51", 0, "13"),
        (0.15, 1, "0.2"),
        (0.25, 1, "0.2"),
        (0.350, 1, "0.4"),
        (Fraction(5, 2), 0, "2"),
        (1.05, 1, "1.0"),
        (-0.5, 0, "0"),
        (-1.5, 0, "-2"),
        (26, 0, "26"),
        (0.7, 2, "0.70"),
        (None, 1, "—"),
    ],
)
def test_measured_value_rounds_half_to_even(value, decimals, text):
    assert measured_text(value, decimals) == text


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=5), st.integers(0, 5))
def test_measured_value_is_the_nearest(value, decimals):
    out = measured_value(value, decimals)
    distance = abs(Fraction(out) - Fraction(value)) * 10**decimals

    assert distance <= Fraction(1, 2)
    if distance == Fraction(1, 2):
        assert int(Fraction(out) * 10**decimals) % 2 == 0


@given(st.floats(-1e6, 1e6), DECIMALS)
def test_float_means_what_it_prints(value, decimals):
    assert rounded(value, decimals) == rounded(repr(value), decimals)


# -------------------------------------------------------------------------------------------------------- comparison
@pytest.mark.parametrize(
    ("current", "base", "text"),
    [
        (728, 325, "+124.00%"),
        (586, 314, "+86.62%"),
        (46, 39, "+17.95%"),
        (312, 335, "-6.87%"),
        (0, 1, "-100%"),
        (2, 1, "+100%"),
        (6, 2, "+200.00%"),
        (9, 9, "持平"),
        (0, 0, "—"),
        (3, 0, "—"),
        (3, None, "—"),
        (None, 3, "—"),
        (1, 10**6, "-99.99%"),
        (10**6 + 1, 10**6, "+0.01%"),
    ],
)
def test_change_of_a_count(current, base, text):
    assert change_text("flow", current, base) == text


@pytest.mark.parametrize(
    ("current", "base", "decimals", "text"),
    [
        ("68.5", "58.0", 1, "+10.5个百分点"),
        ("14.10", "11.04", 2, "+3.06个百分点"),
        ("90", "100", 2, "-10.00个百分点"),
        ("100", "0", 2, "+100个百分点"),
        ("0", "100", 2, "-100个百分点"),
        ("100", "100", 2, "持平"),
        ("0", "0", 2, "持平"),
        (None, "90", 2, "—"),
        ("92", "90", 0, "+2个百分点"),
    ],
)
def test_change_of_a_rate_is_in_points_of_the_printed_rates(current, base, decimals, text):
    numbers = [None if v is None else Decimal(v) for v in (current, base)]

    assert change_text("rate", *numbers, decimals=decimals) == text


@pytest.mark.parametrize(
    ("current", "base", "text"),
    [
        ("16", "17", "-5.9%"),
        ("0.7", "0.8", "-12.5%"),
        ("26", "28", "-7.1%"),
        ("3.71", "3.87", "-4.1%"),
        ("1", "1", "持平"),
    ],
)
def test_change_of_a_measured_value(current, base, text):
    assert change_text("measured", Decimal(current), Decimal(base)) == text


@given(COUNTS, st.integers(1, 10**7))
def test_change_says_the_direction(current, base):
    text = change_text("flow", current, base)

    assert (text == "持平") == (current == base)
    assert (text == "-100%") == (current == 0)
    assert text.startswith("+") == (current > base)


# --------------------------------------------------------------------------------------------------------- sentences
@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        ("98.50%", "98.5%"),
        ("50.00%", "50%"),
        ("+124.00%", "+124%"),
        ("+10.50个百分点", "+10.5个百分点"),
        ("100%", "100%"),
        ("1000", "1000"),
        ("0.05", "0.05"),
        ("10.01", "10.01"),
        ("—", "—"),
        (Decimal("2.50"), "2.5"),
    ],
)
def test_plain(text, stripped):
    assert plain(text) == stripped


@given(st.integers(0, 10**12), st.integers(0, 6))
def test_plain_changes_no_number(digits, places):
    text = f"{Decimal(digits).scaleb(-places):f}"

    assert Decimal(plain(text)) == Decimal(text)
    assert not plain(text).endswith(".")
    assert "." not in plain(text) or not plain(text).endswith("0")
