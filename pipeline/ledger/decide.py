"""Which files stand for a manager, month and form: pure decisions over submissions.

A file that replaces the month begins anew; one that replaces days or rows lies over what stood before it. So there
stand, in the order in which they came, the last file that replaced the month and all that came after it. An office's
exports of cases whose later steps others fill in stand beside managers' forms, and are decided on by themselves.
"""

from collections.abc import Iterable, Mapping, Sequence

from pipeline.ledger.manifest import COUNTS, Manifest, Receipt, Submission

Key = tuple[str, str, str]
Chain = tuple[Submission, ...]  # what stands for a key, in the order in which it lies one over the other
# Saved in the same second, what says more precisely lies above.
_BREADTH = {"month": 0, "days": 1, "rows": 2, "nothing": 3}


def group_by_key(submissions: Iterable[Submission]) -> dict[Key, list[Submission]]:
    """The submissions of each month, form and manager."""
    groups: dict[Key, list[Submission]] = {}
    for submission in submissions:
        groups.setdefault(submission.key, []).append(submission)
    return groups


def in_order(submissions: Iterable[Submission], receipts: Mapping[str, Receipt]) -> list[Submission]:
    """As they came: by run, within a run by the time they were saved."""

    def place(submission: Submission) -> tuple[int, str, int, str]:
        receipt = receipts[submission.sha256]
        return (receipt.run, receipt.saved_at, _BREADTH[submission.replaces], receipt.sha256)

    return sorted(submissions, key=place)


def by_track(submissions: Iterable[Submission]) -> tuple[list[Submission], list[Submission]]:
    """The submissions of a key that may replace each other: managers' forms first, then what stands beside them."""
    told = list(submissions)
    return [one for one in told if not one.beside], [one for one in told if one.beside]


def chain_of(submissions: Iterable[Submission], receipts: Mapping[str, Receipt]) -> Chain:
    """The submissions of one key that stand: the last that replaces the month, and those that came after it; then those
    that stand beside them, by the same rule.

    What is refused, withdrawn or waits for an answer replaces nothing.
    """
    counting = [one for one in in_order(submissions, receipts) if one.state in COUNTS]
    return tuple(one for track in by_track(counting) for one in _from_the_month_on(track))


def _from_the_month_on(counting: Sequence[Submission]) -> Sequence[Submission]:
    begins = [place for place, one in enumerate(counting) if one.replaces == "month"]
    return counting[begins[-1] :] if begins else counting


def winner_of(submissions: Iterable[Submission], receipts: Mapping[str, Receipt]) -> Submission | None:
    """The submission that came last of those that stand."""
    chain = chain_of(submissions, receipts)
    return chain[-1] if chain else None


def days_covered(one: Submission) -> frozenset[str]:
    """The days (ISO) of which a submission that replaces days takes the place of what stood before."""
    return frozenset(one.days) - frozenset(one.refused_days)


def standing(manifest: Manifest) -> dict[Key, Chain]:
    """What stands for each key; of files that lie one over the other, those of which something is still seen."""
    receipts = manifest.receipts_by_hash
    chains = {key: chain_of(group, receipts) for key, group in group_by_key(manifest.submissions).items()}
    return {key: tuple(one for one in chain if _is_seen(one)) for key, chain in chains.items()}


def _is_seen(one: Submission) -> bool:
    return one.judged == "nil" or not one.accepted_rows or one.rows_held > 0


def files_that_stand(manifest: Manifest) -> frozenset[str]:
    """Fingerprints of the files of which all stands that they brought: received again, they bring nothing new.

    A file of which anything was refused, withdrawn or replaced is read again.
    """
    seen = {(one.sha256, key) for key, chain in standing(manifest).items() for one in chain}
    brought: dict[str, bool] = dict.fromkeys((one.sha256 for one in manifest.masters), True)
    for one in manifest.submissions:
        brought[one.sha256] = brought.get(one.sha256, True) and (
            (one.sha256, one.key) in seen or one.state == "held"
        )
    refused = {one.sha256 for one in manifest.receipts if one.refused or one.withdrawn}
    return frozenset(sha256 for sha256, stands in brought.items() if stands) - refused


def waiting_of(group: Iterable[Submission], receipts: Mapping[str, Receipt]) -> list[Submission]:
    """The submissions of one key that wait for an answer: those that came after what stands."""
    found: list[Submission] = []
    for track in by_track(group):
        last: list[Submission] = []
        for one in in_order(track, receipts):
            if one.state in COUNTS:
                last = []
            elif one.state == "held":
                last.append(one)
        found += last
    return found


def waiting(manifest: Manifest) -> list[Submission]:
    """All that waits for an answer, in the order in which it came."""
    receipts = manifest.receipts_by_hash
    groups = group_by_key(manifest.submissions).values()
    return in_order((one for group in groups for one in waiting_of(group, receipts)), receipts)
