"""Student's t: the quantile that a confidence interval needs, without a statistics library.

The distribution function comes from the regularised incomplete beta function by its continued fraction (Lentz;
Abramowitz and Stegun 26.5.8), the quantile by Newton's method: right of its middle the distribution function is
concave, so from below every step comes nearer. Checked against printed tables in the tests.
"""

import math
from functools import cache
from statistics import NormalDist

_TINY = 1e-300
_TERMS = 400
_STEPS = 60
_NEAR = 1e-13


@cache
def t_quantile(probability: float, degrees: float) -> float:
    """The value that a t-distributed number with `degrees` of freedom stays below with that probability.

    Args:
        probability: above 0.5 and below 1.
        degrees: above 0; need not be whole (Welch).
    """
    value = NormalDist().inv_cdf(probability)  # t's quantile is never below it
    for _ in range(_STEPS):
        step = (probability - _below(value, degrees)) / _density(value, degrees)
        value += step
        if abs(step) <= _NEAR * value:
            break
    return value


def _density(value: float, degrees: float) -> float:
    front = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)
    return math.exp(front - (degrees + 1) / 2 * math.log1p(value * value / degrees)) / math.sqrt(degrees * math.pi)


def _below(value: float, degrees: float) -> float:
    """The probability of a number below `value` (not negative)."""
    return 1 - _beta(degrees / (degrees + value * value), degrees / 2, 0.5) / 2


def _beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b)."""
    if x <= 0 or x >= 1:
        return max(0.0, min(1.0, x))
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / _kept_off_zero(1 - (a + b) * x / (a + 1))
    result = d
    for m in range(1, _TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            d = 1 / _kept_off_zero(1 + step * d)
            c = _kept_off_zero(1 + step / c)
            result *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return result


def _kept_off_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
