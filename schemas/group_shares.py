"""Shares of groups of indicators by year (`[scorecard.group_share.2024] product = 0.5, customer = 0.4, process = 0.1`).

A share is of one group, or of several together (`together`: customer = attract, retain, develop). The weights of the
indicators inside are scaled to it: weight × share ÷ Σ weight inside. A year without shares of its own uses those of the
newest year before it; one before all years those of the first.
"""

import math
from collections.abc import Mapping

Shares = Mapping[str, Mapping[str, float]]  # by year, then by name
Together = Mapping[str, tuple[str, ...]]


def check_shares(shares: Shares) -> None:
    """That the shares of each year are a whole.

    Raises:
        ValueError: naming the year of which they are not, or what is no year.
    """
    for year, own in shares.items():
        if len(year) != 4 or not year.isdecimal():
            raise ValueError(f"'{year}' ∉ 2024, 2025 …")
        total = sum(own.values())
        if not math.isclose(total, 1, abs_tol=1e-6) or min(own.values(), default=0) < 0:
            told = ", ".join(f"{key} {one:g}" for key, one in own.items())
            raise ValueError(f"Σ weight = {total:g} ≠ 1 ({year}: {told})")


def check_groups(shares: Shares, together: Together, groups: Mapping[str, str]) -> None:
    """That each indicator's group has a share in every year, and each share an indicator.

    Args:
        groups: the group of each indicator that counts.

    Raises:
        ValueError: naming the group or the share.
    """
    used = {share_of(group, together) for group in groups.values()}
    for own in shares.values():
        for name in sorted(used ^ own.keys()):
            known = own if name in used else used
            raise ValueError(f"{name!r} ∉ {', '.join(sorted(known))}")


def share_of(group: str, together: Together) -> str:
    """The share that a group of indicators is part of; its own name where it has one of its own."""
    return next((name for name, groups in together.items() if group in groups), group)


def shares_in(year: int, shares: Shares) -> Mapping[str, float]:
    """The shares that a period of this year uses; nothing where there are none."""
    known = sorted(shares)
    before = [one for one in known if int(one) <= year]
    return shares[(before or known)[-1 if before else 0]] if known else {}


def scaled(
    weights: Mapping[str, float], groups: Mapping[str, str], own: Mapping[str, float], together: Together
) -> dict[str, float]:
    """The weights of a year: each scaled to the share of its group; as they are where there are no shares.

    Args:
        weights: by indicator, above 0; `groups` the group of each.
        own: the shares of the year.
    """
    if not own:
        return dict(weights)
    inside: dict[str, float] = {}
    for key, weight in weights.items():
        share = share_of(groups[key], together)
        inside[share] = inside.get(share, 0.0) + weight
    shares = {key: share_of(groups[key], together) for key in weights}
    return {key: own.get(shares[key], 0.0) * weight / inside[shares[key]] for key, weight in weights.items()}
