"""Yuan as whole cents, halves rounded up, and shares of them: never by way of binary fractions."""

from decimal import ROUND_HALF_UP, Decimal

CENTS = 100


def exact(number: float) -> Decimal:
    """A number as it is written."""
    return Decimal(repr(float(number)))


def cents_of(yuan: Decimal) -> int:
    """Yuan in whole cents."""
    return int((yuan * CENTS).quantize(Decimal(1), ROUND_HALF_UP))


def share_of(cents: int, numerator: Decimal | int, denominator: int = 1) -> int:
    """A share of some cents, in whole cents."""
    return int((cents * Decimal(numerator) / denominator).quantize(Decimal(1), ROUND_HALF_UP))
