"""How a figure is rounded and worded: exact arithmetic, never binary floating point (domain.md §3E, §10.7).

Numbers come in as int, Fraction, Decimal, decimal text, or a float from a REAL column; a float means the number it
prints as (``0.1`` is one tenth). What goes out is text as printed, or the Decimal that the text shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

Number = int | float | str | Decimal | Fraction

NONE = "—"
"""Printed where there is no number: no denominator, no base of comparison, not applicable."""

SAME = "持平"
POINTS = "个百分点"

CHANGE_DECIMALS = 2
"""Decimals of a change of counts and sums, in percent."""

MEASURED_CHANGE_DECIMALS = 1
"""Decimals of a change of measured values, in percent (the ministry prints one)."""

MAX_EXACT = 6
"""Decimals kept by "exact" amounts: one 分 is 0.000001 万元."""

_ZEROS = re.compile(r"(\d)(?:\.0+|(\.\d*?[1-9])0+)(?!\d)")


def exact(value: Number) -> Fraction:
    """Return *value* as the exact number that its decimal text says."""
    if isinstance(value, float):
        value = repr(value)
    return Fraction(value)


def rounded(value: Number, decimals: int, *, even: bool = False) -> Decimal:
    """Round exactly to *decimals* places: half away from zero, or half to even.

    Args:
        value: the number.
        decimals: places after the point.
        even: 四舍六入五成双 (GB/T 8170) instead of 四舍五入.
    """
    number = exact(value)
    scaled = abs(number) * 10**decimals
    whole, rest = divmod(scaled, 1)
    half = Fraction(1, 2)
    if rest > half or (rest == half and (not even or whole % 2)):
        whole += 1
    digits = tuple(int(d) for d in str(int(whole)))
    return Decimal((int(number < 0 and whole > 0), digits, -decimals))


# ---- rates -------------------------------------------------------------------------------------------------------
def rate_value(numer: Number | None, denom: Number | None, decimals: int = 2) -> Decimal | None:
    """Return a rate in percent as the number that is printed, None without a denominator.

    Rounding never makes a rate look complete or empty: 100 only if *numer* = *denom*, 0 only if *numer* = 0.
    """
    if numer is None or denom is None or not exact(denom):
        return None
    share = exact(numer) / exact(denom) * 100
    out = rounded(share, decimals)
    step = Decimal((0, (1,), -decimals))
    if share != 0 and out == 0:
        return step if share > 0 else -step
    if share != 100 and out == 100:
        return out - step if share < 100 else out + step
    return out


def rate_text(numer: Number | None, denom: Number | None, decimals: int = 2) -> str:
    """Return a rate as printed: ``100%``, ``0%``, else fixed decimals (``98.81%``); ``—`` without a denominator."""
    return percent(rate_value(numer, denom, decimals))


def percent(value: Decimal | None) -> str:
    """Word a printed rate that is already rounded."""
    if value is None:
        return NONE
    if value in (0, 100):
        return f"{int(value)}%"
    return f"{value:f}%"


# ---- counts, amounts, measurements -------------------------------------------------------------------------------
def count_text(value: Number | None) -> str:
    """Return a count as printed: no separator, no unit, ``0`` for none; a sum of decimals keeps what it has."""
    if value is None:
        return NONE
    number = exact(value)
    if number.denominator == 1:
        return str(number.numerator)
    return plain(rounded(number, MAX_EXACT))


def scaled_value(value: Number | None, scale: int = 1, decimals: int | None = 2) -> Decimal | None:
    """Divide a sum once and round it once, half up.

    Args:
        value: the sum in its smallest unit (分).
        scale: units per printed unit (1000000 for 万元).
        decimals: places; None = as exact as the amount is, at most six.
    """
    if value is None:
        return None
    amount = exact(value) / scale
    if decimals is None:
        return Decimal(plain(rounded(amount, MAX_EXACT)))
    return rounded(amount, decimals)


def scaled_text(value: Number | None, scale: int = 1, decimals: int | None = 2) -> str:
    """Return an amount as printed (2550050 分 → ``2.55`` 万元); nothing at all is ``0``, which ``0.00`` is not."""
    out = scaled_value(value, scale, decimals)
    if value is None or out is None:
        return NONE
    return f"{out:f}" if exact(value) else "0"


def measured_value(value: Number | None, decimals: int) -> Decimal | None:
    """Round a measured value as GB/T 8170 asks (四舍六入五成双)."""
    return None if value is None else rounded(value, decimals, even=True)


def measured_text(value: Number | None, decimals: int) -> str:
    """Return a measured value as printed, with fixed decimals."""
    out = measured_value(value, decimals)
    return NONE if out is None else f"{out:f}"


# ---- comparison --------------------------------------------------------------------------------------------------
def change_text(kind: str, current: Number | None, base: Number | None, *, decimals: int = 2) -> str:
    """Return a comparison as printed: ``+17.95%``, ``-100%``, ``+10.5个百分点``, ``持平``, ``—``.

    Args:
        kind: kind of the figure. A ``rate`` is compared in percentage points, a ``measured`` value in percent with one
            decimal, anything else in percent with two.
        current: the value of the period. For a rate and a measured value the *printed* number
            (:func:`rate_value`, :func:`measured_value`), so that a reader can check the comparison on paper; for a
            count or an amount the exact one.
        base: the same of the period compared with.
        decimals: decimals of the rate.
    """
    if current is None or base is None:
        return NONE
    if kind == "rate":
        return _points(exact(current) - exact(base), decimals)
    if not exact(base):
        return NONE
    difference = exact(current) - exact(base)
    if not difference:
        return SAME
    places = MEASURED_CHANGE_DECIMALS if kind == "measured" else CHANGE_DECIMALS
    return _sign(difference) + rate_text(abs(difference), abs(exact(base)), places)


def _points(difference: Fraction, decimals: int) -> str:
    if not difference:
        return SAME
    size = abs(difference)
    shown = "100" if size == 100 else f"{rounded(size, decimals):f}"
    return _sign(difference) + shown + POINTS


def _sign(difference: Fraction) -> str:
    return "+" if difference > 0 else "-"


# ---- for sentences -----------------------------------------------------------------------------------------------
def plain(value: str | Decimal) -> str:
    """Strip trailing zeros of every number in a printed text: ``98.50%`` → ``98.5%``, ``3.00`` → ``3``."""
    text = f"{value:f}" if isinstance(value, Decimal) else value
    replace: Callable[[re.Match[str]], str] = lambda m: m[1] + (m[2] or "")  # noqa: E731
    return _ZEROS.sub(replace, text)
