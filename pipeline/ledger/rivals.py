"""Files of one run about the same: the later saved one counts, and it is said so; saved in the same second, neither
does where they contradict each other, as nobody can know which one is meant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from pipeline.contract.problem import Problem
from pipeline.ledger.decide import days_covered, group_by_key, in_order
from pipeline.ledger.manifest import COUNTS, MasterPart, Receipt, Submission
from schemas.form import Effect

RIVAL_RULES = (
    "rivals_refused",
    "rival_replaced",
    "rival_days_refused",
    "rival_days_replaced",
    "rival_rows_refused",
)
MASTER_RIVAL_RULES = ("masters_refused", "master_replaced")
Said = list[tuple[Submission, Problem]]


def settle_rivals(
    submissions: Iterable[Submission], receipts: Mapping[str, Receipt]
) -> tuple[list[Submission], Said]:
    """Files of one run for the same manager, month and form, settled against each other.

    Those that replace the month are about the same; of those that replace days, the days that both cover are. Which
    rows two files that add rows share is found when they are put together (`ledger.compose`).

    Returns:
        All submissions, settled anew whatever was settled before, and each problem with the submission that
        it concerns.
    """
    judged = [_settled(one) for one in submissions]
    settled: dict[Submission, Submission] = {}
    problems: Said = []
    for group in _same_run(judged, receipts):
        for settle in (_months, _days):
            changed, said = settle(group, receipts)
            settled |= changed
            problems += said
    return [settled.get(one, one) for one in judged], problems


def _settled(one: Submission) -> Submission:
    return replace(one, rival=False, refused_days=()) if one.rival or one.refused_days else one


def _same_run(judged: Iterable[Submission], receipts: Mapping[str, Receipt]) -> list[list[Submission]]:
    """Several submissions of one run for the same key, in the order in which they were saved."""
    groups: list[list[Submission]] = []
    for same_key in group_by_key(one for one in judged if one.state in COUNTS).values():
        by_run: dict[int, list[Submission]] = {}
        for one in in_order(same_key, receipts):
            by_run.setdefault(receipts[one.sha256].run, []).append(one)
        groups += [group for group in by_run.values() if len(group) > 1]
    return groups


def _months(
    group: Sequence[Submission], receipts: Mapping[str, Receipt]
) -> tuple[dict[Submission, Submission], Said]:
    """Of several that replace the month the last counts, with what lies over it; none where several are last."""
    whole = [one for one in group if one.replaces == "month"]
    if not whole:
        return {}, []
    last = receipts[whole[-1].sha256]
    equal = [one for one in whole if receipts[one.sha256].saved_at == last.saved_at]
    names = "、".join(receipts[one.sha256].name for one in equal)
    if len(equal) > 1:
        said = [(one, _said(one, "rivals_refused", receipts, names=names)) for one in equal]
        return {one: replace(one, rival=True) for one in equal}, said
    before = group[: group.index(whole[-1])]
    return {}, [(one, _said(one, "rival_replaced", receipts, names=last.name)) for one in before]


def _days(
    group: Sequence[Submission], receipts: Mapping[str, Receipt]
) -> tuple[dict[Submission, Submission], Said]:
    """Of days that several cover the later saved counts; none where both were saved in the same second."""
    refused: dict[Submission, set[str]] = {}
    problems: Said = []
    for one, other in combinations([one for one in group if one.replaces == "days"], 2):
        shared = days_covered(one) & days_covered(other)
        if shared and receipts[one.sha256].saved_at == receipts[other.sha256].saved_at:
            refused.setdefault(one, set()).update(shared)
            refused.setdefault(other, set()).update(shared)
        elif shared:
            details = {"names": receipts[other.sha256].name, "days": _listed(shared)}
            problems.append((one, _said(one, "rival_days_replaced", receipts, "note", **details)))
    changed = {one: _without_days(one, days) for one, days in refused.items()}
    for one, days in refused.items():
        names = "、".join(receipts[other.sha256].name for other in refused if set(other.days) & days)
        effect: Effect = "form left out" if changed[one].rival else "row left out"
        details = {"names": names, "days": _listed(days)}
        problems.append((one, _said(one, "rival_days_refused", receipts, effect, **details)))
    return changed, problems


def _without_days(one: Submission, days: set[str]) -> Submission:
    """Without these days; a rival where none is left."""
    return replace(one, refused_days=tuple(sorted(days)), rival=days >= set(one.days))


def _listed(days: Iterable[str]) -> str:
    return "、".join(sorted(days))


def _said(
    one: Submission, rule: str, receipts: Mapping[str, Receipt], effect: Effect = "form left out", **details: str
) -> Problem:
    return Problem(
        rule,
        effect,
        file=receipts[one.sha256].name,
        manager_id=one.manager_id,
        month=one.month,
        form=one.form,
        details=tuple(details.items()),
    )


def settle_masters(
    parts: Iterable[MasterPart], receipts: Mapping[str, Receipt]
) -> list[tuple[MasterPart, Problem]]:
    """Master data of one run that do not count, as another file brought the same form from the same month on: of
    several the later saved wins; saved at the same time, none counts.

    Args:
        parts: what was accepted of the run's files.
        receipts: of these files.

    Returns:
        Each of them with what is said of it, in the order in which their files were saved.
    """
    groups: dict[tuple[str, str], list[MasterPart]] = {}
    for part in sorted(parts, key=lambda one: (receipts[one.sha256].saved_at, one.sha256)):
        groups.setdefault((part.form, part.valid_from), []).append(part)
    return [lost for group in groups.values() for lost in _outdone(group, receipts)]


def _outdone(group: Sequence[MasterPart], receipts: Mapping[str, Receipt]) -> list[tuple[MasterPart, Problem]]:
    """Of parts for the same form and month, as they were saved, those that do not count."""
    last = receipts[group[-1].sha256]
    files = {
        one.sha256: receipts[one.sha256].name for one in group if receipts[one.sha256].saved_at == last.saved_at
    }
    several = len(files) > 1
    lost = [one for one in group if several or one.sha256 != last.sha256]
    names = "、".join(files.values())
    return [
        (
            one,
            _said_of_master(one, "masters_refused" if one.sha256 in files else "master_replaced", names, receipts),
        )
        for one in lost
    ]


def _said_of_master(one: MasterPart, rule: str, names: str, receipts: Mapping[str, Receipt]) -> Problem:
    name = receipts[one.sha256].name
    return Problem(
        rule, "form left out", file=name, month=one.valid_from, form=one.form, details=(("names", names),)
    )
