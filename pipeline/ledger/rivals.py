"""Files about the same. Of one run the later saved one counts, and it is said so; saved in the same second, neither
does where they contradict each other, as nobody can know which one is meant. Of two runs the one sent last counts; it
is said so where it was saved before the other, as somebody may have sent an old copy."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, pairwise

from pipeline.contract.problem import Problem
from pipeline.ledger.decide import by_track, days_covered, group_by_key, in_order
from pipeline.ledger.manifest import COUNTS, Manifest, MasterPart, Receipt, Submission
from schemas.form import Effect

RIVAL_RULES = (
    "rivals_refused",
    "rival_replaced",
    "rival_days_refused",
    "rival_days_replaced",
    "rival_rows_refused",
    "older_counts",
    "form_over_books",
    "book_over_form",
)
MASTER_RIVAL_RULES = ("masters_refused", "master_replaced", "older_master_counts")
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
    now = [settled.get(one, one) for one in judged]
    return now, problems + _older(now, receipts) + _books(now, receipts)


def _settled(one: Submission) -> Submission:
    return replace(one, rival=False, refused_days=()) if one.rival or one.refused_days else one


def _same_run(judged: Iterable[Submission], receipts: Mapping[str, Receipt]) -> list[list[Submission]]:
    """Several submissions of one run for the same key, in the order in which they were saved."""
    groups: list[list[Submission]] = []
    for same_key in group_by_key(one for one in judged if one.state in COUNTS).values():
        by_run: dict[tuple[int, bool], list[Submission]] = {}
        for one in in_order(same_key, receipts):
            by_run.setdefault((receipts[one.sha256].run, bool(one.beside)), []).append(one)
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
    for one, other in combinations(group, 2):
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


def _older(settled: Iterable[Submission], receipts: Mapping[str, Receipt]) -> Said:
    """Those that took the place of a file of an earlier run that had been saved later than they."""
    said: Said = []
    groups = group_by_key(one for one in settled if one.state in COUNTS).values()
    for track in (track for group in groups for track in by_track(group)):
        whole = [one for one in in_order(track, receipts) if one.replaces == "month"]
        for one, other in pairwise(whole):
            before, after = receipts[one.sha256], receipts[other.sha256]
            if before.run < after.run and after.saved_at < before.saved_at:
                said.append((other, _said(other, "older_counts", receipts, "note", **_times(before, after))))
    return said


def _books(settled: Iterable[Submission], receipts: Mapping[str, Receipt]) -> Said:
    """Sign-in books and forms of the whole month of one manager: what came last counts for the days that it tells of,
    so no visit counts twice; that one took the other's place is told, as the sender may have meant both."""
    said: Said = []
    for group in group_by_key(one for one in settled if one.state in COUNTS).values():
        before: list[Submission] = []
        for one in in_order(group, receipts):
            books = [other for other in before if other.week]
            forms = [other for other in before if other.replaces == "month" and other.judged == "accepted"]
            if one.replaces == "month" and books and receipts[one.sha256].run != receipts[books[-1].sha256].run:
                weeks = "、".join(sorted({other.week for other in books}))
                said.append((one, _said(one, "form_over_books", receipts, "note", weeks=weeks)))
            elif one.week and forms:
                names = receipts[forms[-1].sha256].name
                details = {"week": one.week, "names": names, "days": _listed(one.days)}
                said.append((one, _said(one, "book_over_form", receipts, "note", **details)))
            before = [one] if one.replaces == "month" else [*before, one]
    return said


def _times(before: Receipt, after: Receipt) -> dict[str, str]:
    """What is said of a file that takes the place of one saved later."""
    saved, other = (f"{one.saved_at[:10]} {one.saved_at[11:16]}" for one in (after, before))
    return {"file": after.name, "names": before.name, "saved_at": saved, "other_saved_at": other}


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
    return [
        (one, _said_of_master(one, _lost_rule(one, files), receipts, names="、".join(files.values())))
        for one in lost
    ]


def _lost_rule(one: MasterPart, files: Mapping[str, str]) -> str:
    return "masters_refused" if one.sha256 in files else "master_replaced"


def _said_of_master(
    one: MasterPart, rule: str, receipts: Mapping[str, Receipt], effect: Effect = "form left out", **details: str
) -> Problem:
    name = receipts[one.sha256].name
    return Problem(rule, effect, file=name, month=one.valid_from, form=one.form, details=tuple(details.items()))


def older_masters(
    parts: Iterable[MasterPart], receipts: Mapping[str, Receipt], manifest: Manifest
) -> list[tuple[MasterPart, Problem]]:
    """Master data of a run that count although those of an earlier run, which they replace, were saved later.

    Args:
        parts: what counts of the run's files.
        receipts: of these files.
        manifest: what the ledger holds.
    """
    held = {(one.form, one.valid_from): manifest.receipts_by_hash[one.sha256] for one in manifest.masters}
    return [
        (
            one,
            _said_of_master(one, "older_master_counts", receipts, "note", **_times(before, receipts[one.sha256])),
        )
        for one in parts
        if (before := held.get((one.form, one.valid_from)))
        and before.sha256 != one.sha256
        and receipts[one.sha256].saved_at < before.saved_at
    ]
