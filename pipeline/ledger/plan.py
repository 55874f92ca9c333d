"""What a run makes of the ledger, before anything is written: which files stand now, and where their rows are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.ledger.decide import Chain, Key, chain_of, group_by_key
from pipeline.ledger.manifest import Manifest, Receipt, Submission
from pipeline.ledger.questions import ask_about_month, held_of, is_confirmed, question
from pipeline.ledger.rivals import Said, settle_rivals

Staged = Mapping[tuple[str, Key], str]  # (fingerprint, key) → Parquet file of the accepted rows


@dataclass(frozen=True)
class Recipe:
    """How the rows of one key are put together.

    `base` are submissions whose rows stay as they stand in the ledger, already lying one over the other; `layers`
    come over them, each with its staged file, or None where all of its rows are held by themselves.
    """

    key: Key
    base: Chain
    layers: tuple[tuple[Submission, str | None], ...]

    @property
    def chain(self) -> Chain:
        """All files that the rows are made of, from the lowest."""
        return (*self.base, *(one for one, _ in self.layers))


@dataclass(frozen=True)
class Plan:
    """All submissions as they are settled, what is said between files, and the chains of the `touched` keys."""

    submissions: tuple[Submission, ...]
    said: Said
    receipts: Mapping[str, Receipt]
    touched: frozenset[Key]
    before: Mapping[Key, Chain]
    after: Mapping[Key, Chain]


def plan_run(
    manifest: Manifest,
    receipts: Mapping[str, Receipt],
    new: Sequence[Submission],
    first_month: str,
    taken: Collection[str] = (),
) -> Plan:
    """What files bring to what a ledger holds.

    Args:
        manifest: what the ledger holds.
        receipts: of all files by fingerprint, as they are after the run.
        new: what was taken in, or taken in anew; these replace all earlier submissions of the same file.
        first_month: the month from which on there are master data; empty where there are none.
        taken: fingerprints of the files that were taken in, also of those that brought nothing.
    """
    renewed = {*(one.sha256 for one in new), *taken}
    held = manifest.submissions
    kept = [one for one in held if one.sha256 not in renewed]
    settled, said = settle_rivals(
        [
            _after_events(one, receipts[one.sha256], first_month)
            for one in (*kept, *_asked_before(manifest, receipts, new))
        ],
        receipts,
    )
    before = {key: chain_of(group, manifest.receipts_by_hash) for key, group in group_by_key(held).items()}
    after = {key: chain_of(group, receipts) for key, group in group_by_key(settled).items()}
    touched = {one.key for one in (*new, *held) if one.sha256 in renewed}
    touched |= {key for key in {*before, *after} if _sketch(before.get(key)) != _sketch(after.get(key))}
    touched |= {key for key, chain in after.items() if _has_lost_rows(chain)}
    states = {(one.sha256, one.key): one.state for one in held}
    touched |= {one.key for one in settled if states.get((one.sha256, one.key), one.state) != one.state}
    return Plan(
        tuple(settled),
        said,
        receipts,
        frozenset(touched),
        {key: before.get(key, ()) for key in touched},
        {key: after.get(key, ()) for key in touched},
    )


def _came_anew(manifest: Manifest, receipt: Receipt) -> bool:
    known = manifest.receipts_by_hash.get(receipt.sha256)
    return known is None or known.run != receipt.run


def _after_events(one: Submission, receipt: Receipt, first_month: str) -> Submission:
    settled = ask_about_month(one, receipt, first_month)
    return settled if settled.withdrawn == receipt.withdrawn else replace(settled, withdrawn=receipt.withdrawn)


def _asked_before(
    manifest: Manifest, receipts: Mapping[str, Receipt], new: Iterable[Submission]
) -> list[Submission]:
    """Submissions judged anew are still asked about as they were; those that came anew are not yet."""
    asked = {(one.sha256, one.key): one.asked for one in manifest.submissions if one.asked}
    return [
        one
        if _came_anew(manifest, receipts[one.sha256])
        else replace(one, asked=asked.get((one.sha256, one.key), ""))
        for one in new
    ]


def _sketch(chain: Chain | None) -> list[tuple[object, ...]]:
    """What tells one way of lying over each other from another."""
    return [(one.sha256, one.judged, one.replaces, one.days, one.refused_days, one.beside) for one in chain or ()]


def _has_lost_rows(chain: Chain) -> bool:
    """Whether rows of the only file that stands are not in the ledger, as could happen before format 2."""
    return len(chain) == 1 and not chain[0].refused_days and chain[0].rows_held != chain[0].accepted_rows


def recipes(plan: Plan, staged: Staged) -> tuple[tuple[Recipe, ...], frozenset[str]]:
    """How the rows of each touched key are put together, and the files that have to be taken in anew for it, as
    their rows are neither staged nor held."""
    made: list[Recipe] = []
    missing: set[str] = set()
    for key in sorted(plan.touched):
        before, after = plan.before[key], plan.after[key]
        stays = _stays(before, after, key, staged)
        layers = tuple((one, staged.get((one.sha256, key))) for one in after[stays:])
        missing |= {one.sha256 for one, path in layers if path is None and not _is_held(one, before)}
        made.append(Recipe(key, after[:stays], layers))
    return tuple(made), frozenset(missing)


def _stays(before: Chain, after: Chain, key: Key, staged: Staged) -> int:
    """How many of a chain's submissions stay as they lie: all that lay there, where nothing below the new changed."""
    if _sketch(before) != _sketch(after[: len(before)]) or _has_lost_rows(before):
        return 0
    return 0 if any((one.sha256, key) in staged for one in before) else len(before)


def _is_held(one: Submission, before: Chain) -> bool:
    """Whether all rows of a submission stand in the ledger; one without rows has them anywhere."""
    stood = any(other.sha256 == one.sha256 for other in before)
    return not one.accepted_rows or (stood and one.rows_held == one.accepted_rows)


def to_ask(plan: Plan, manifest: Manifest, key: Key) -> tuple[Submission, ...]:
    """The submissions of a key that this run brings over rows that stand, and that no answer was given for."""
    run = manifest.run + 1
    group = [one for one in manifest.submissions if one.key == key]
    return tuple(
        one
        for one in plan.after[key]
        if plan.receipts[one.sha256].run == run
        and not plan.receipts[one.sha256].answered
        and not is_confirmed(plan.receipts[one.sha256], group, manifest.receipts_by_hash)
    )


def with_questions(new: Sequence[Submission], asked: Collection[tuple[str, Key]]) -> list[Submission]:
    """The submissions, those that take away too much asked about."""
    return [replace(one, asked=_reason(one)) if (one.sha256, one.key) in asked else one for one in new]


def _reason(one: Submission) -> str:
    return "nil_over_rows" if one.judged == "nil" else "shrinks"


def questions_of(plan: Plan) -> Said:
    """What is asked about the touched keys."""
    return [
        (one, question(one, plan.receipts[one.sha256], held_of(plan.after[one.key])))
        for one in plan.submissions
        if one.key in plan.touched and one.state == "held"
    ]
