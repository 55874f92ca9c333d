"""What is asked before it counts: a file is held, and counts once somebody has accepted it or it was saved anew.

Asked about are months that nobody can have reported on yet, months before the first master data, and files that take
away more than half of what stands (domain.md section 8).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pipeline.contract.problem import Problem
from pipeline.ledger.decide import Chain, waiting_of
from pipeline.ledger.manifest import Receipt, Submission

SHRINKING = ("shrinks", "nil_over_rows")
ASKED = ("month_ahead", "month_before_masters", *SHRINKING)
ASKED_RULES = tuple(f"asked_{one}" for one in ASKED)
SHRINKING_RULES = tuple(f"asked_{one}" for one in SHRINKING)


@dataclass(frozen=True)
class Held:
    """How many rows of a manager's form of a month stand, and their amount (0 where the form has none)."""

    rows: int
    amount_yuan: float


def held_of(chain: Chain) -> Held:
    """What of these submissions stands in the ledger."""
    return Held(sum(one.rows_held for one in chain), sum(one.amount_held_yuan for one in chain))


def shrinks(before: Held, after: Held) -> bool:
    """Whether less than half of the rows, or of the amount, would be left."""
    fewer = 2 * after.rows < before.rows
    return fewer or (before.amount_yuan > 0 and 2 * after.amount_yuan < before.amount_yuan)


def ask_about_month(one: Submission, receipt: Receipt, first_month: str) -> Submission:
    """Asked about where the month had not begun on the day of the run, or lies before the first master data.

    What was asked about before because it takes away too much is still asked about, unless it was answered.
    """
    if receipt.answered:
        return replace(one, asked="")
    if receipt.run_on and one.month > receipt.run_on[:7]:
        return replace(one, asked="month_ahead")
    if one.month < first_month:
        return replace(one, asked="month_before_masters")
    return one if one.asked in ("", *SHRINKING) else replace(one, asked="")


def is_confirmed(receipt: Receipt, group: Iterable[Submission], receipts: Mapping[str, Receipt]) -> bool:
    """Whether a file answers what was asked of an earlier one: it was saved later, and so was sent once more.

    Args:
        receipt: the file's.
        group: submissions of the same key as they were before.
        receipts: of these.
    """
    asked = [one for one in waiting_of(group, receipts) if one.asked in SHRINKING]
    return any(receipts[one.sha256].saved_at < receipt.saved_at for one in asked)


def question(one: Submission, receipt: Receipt, before: Held) -> Problem:
    """What is asked of whoever sent a file."""
    details = {
        "rows": str(one.accepted_rows),
        "before": str(before.rows),
        "amount": f"{one.amount_yuan - one.amount_left_out_yuan:,.2f}",
        "amount_before": f"{before.amount_yuan:,.2f}",
        "file": receipt.name,
    }
    return Problem(
        f"asked_{one.asked}",
        "form left out",
        file=receipt.name,
        manager_id=one.manager_id,
        month=one.month,
        form=one.form,
        details=tuple(details.items()),
    )
