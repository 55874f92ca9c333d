"""Monthly forms that files of a run bring, into the manifest, and the problems of these files."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.contract.problem import Problem
from pipeline.intake.taken import Part, Taken
from pipeline.ledger.commit import add_submissions, load_problems, store_problems
from pipeline.ledger.decide import Key
from pipeline.ledger.manifest import Manifest, Submission
from pipeline.ledger.questions import ASKED_RULES
from pipeline.ledger.rivals import RIVAL_RULES
from schemas.form import Form

BETWEEN_RULES = (*RIVAL_RULES, *ASKED_RULES)  # what is said of a file because of what others brought


def add_monthly(
    home: Path, before: Manifest, manifest: Manifest, taken: Sequence[Taken], forms: Mapping[str, Form]
) -> tuple[Manifest, set[str]] | frozenset[str]:
    """The manifest with all submissions and the problems of the files, and the months that changed; or the files that
    have to be taken in anew first.

    Args:
        home: the organisation's folder.
        before: what the ledger holds.
        manifest: the same with what happened in this run, and its master data.
        taken: all files that were taken in.
        forms: those in use.
    """
    refusals = {one.sha256: one.refused for one in taken}
    receipts = {
        sha256: replace(one, refused=refusals.get(sha256, one.refused))
        for sha256, one in manifest.receipts_by_hash.items()
    }
    monthly = [(one, part) for one in taken for part in one.parts if part.manager_id]
    staged = {
        (one.sha256, (str(part.month), part.form, part.manager_id)): part.path
        for one, part in monthly
        if part.path
    }
    new = [_submission(one.sha256, part) for one, part in monthly]
    gone = frozenset(one.sha256 for one in taken)
    added = add_submissions(home, before, receipts, new, staged, _first_month(manifest), gone, forms=forms)
    if isinstance(added, frozenset):
        return added
    by_file = _problems_by_file(home, added.manifest, taken, added.said, added.touched)
    problems = {sha256: store_problems(home, sha256, listed) for sha256, listed in sorted(by_file.items())}
    merged = replace(
        added.manifest,
        masters=manifest.masters,
        events=manifest.events,
        problems={**before.problems, **problems},
    )
    return merged, {month for month, _, _ in added.touched}


def _submission(sha256: str, part: Part) -> Submission:
    return Submission(
        str(part.month), part.manager_id, part.form, part.state, sha256, part.region_id,
        part.rows, part.left_out, part.amount_yuan, part.amount_left_out_yuan,
        replaces=part.replaces, days=part.days, week=part.week, beside=part.beside,
    )  # fmt: skip


def _first_month(manifest: Manifest) -> str:
    """The month from which on managers are known; empty where none are."""
    return min((one.valid_from for one in manifest.masters if one.form == "managers"), default="")


def _problems_by_file(
    home: Path,
    manifest: Manifest,
    taken: Sequence[Taken],
    between_files: Sequence[tuple[str, Problem]],
    touched: frozenset[Key],
) -> dict[str, list[Problem]]:
    """The problems of every file taken in, and of those that others of the same run stand against now."""
    by_file: dict[str, list[Problem]] = {}
    for one in taken:
        by_file.setdefault(one.sha256, []).extend(one.problems)
    concerned = {one.sha256 for one in manifest.submissions if one.key in touched}
    for sha256 in concerned - set(by_file):
        by_file[sha256] = [one for one in load_problems(home, sha256) if not _is_between(one, touched)]
    for sha256, problem in between_files:
        by_file[sha256].append(problem)
    return by_file


def _is_between(problem: Problem, touched: frozenset[Key]) -> bool:
    return problem.rule in BETWEEN_RULES and (problem.month, problem.form, problem.manager_id) in touched
