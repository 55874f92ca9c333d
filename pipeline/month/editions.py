"""Editions of a month: whether a month as worked out now differs from what was reported, and what changed."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.contract.report import ORGANISATION_ID
from pipeline.ledger.manifest import Edition, Manifest, Receipt

KEYS = ["level", "entity_id", "figure"]
CHANGE_COLUMNS = (*KEYS, "before", "after", "file")


@dataclass(frozen=True)
class Content:
    """The fingerprints of a month's content: of its figures and the rows behind them, which make its edition, and of
    what is told about files (problems, the board), which changes without another edition."""

    figures: str
    told: str

    @property
    def digest(self) -> str:
        """The fingerprint of all of it."""
        return hashlib.sha256(f"{self.figures} {self.told}".encode()).hexdigest()


def digest_of(frames: Iterable[Iterable[pd.DataFrame]]) -> str:
    """The fingerprint of what stands in frames, each given whole or in pieces, whatever their index."""
    digest = hashlib.sha256()
    for pieces in frames:
        for number, piece in enumerate(pieces):
            plain = piece.reset_index(drop=True)
            if number == 0:
                digest.update("\x1f".join(map(str, plain.columns)).encode("utf-8"))
            digest.update(pd.util.hash_pandas_object(plain, index=False).to_numpy().tobytes())
    return digest.hexdigest()


def is_new_edition(last: Edition, figures: str, before: pd.DataFrame, after: pd.DataFrame) -> bool:
    """Whether a month's figures differ from what was reported; `figures` is the fingerprint of those there are now.

    An edition of a ledger in format 1 told its content in another way: there the values tell.
    """
    if last.figures:
        return last.figures != figures
    return len(changed_figures(before, after, {}, pd.Series(dtype="str"))) > 0


def changed_figures(
    before: pd.DataFrame, after: pd.DataFrame, files_by_manager: Mapping[str, Sequence[str]], regions: pd.Series
) -> pd.DataFrame:
    """What a new edition changes.

    Args:
        before, after: level, entity_id, figure, value of both editions.
        files_by_manager: names of the files that came since, by the manager whom they concern ("": everybody).
        regions: region of each manager, by manager_id.

    Returns:
        One row per level, entity_id and figure whose value differs: before, after (missing where an edition has
        no such value), file (names joined with 、). In the order of `after`, then what is only in `before`.
    """
    old = before[[*KEYS, "value"]].rename(columns={"value": "before"})
    new = after[[*KEYS, "value"]].rename(columns={"value": "after"})
    both = pd.concat([new[KEYS], old[KEYS]]).drop_duplicates(ignore_index=True)
    both = both.merge(old, on=KEYS, how="left").merge(new, on=KEYS, how="left")
    same = (both["before"] == both["after"]) | (both["before"].isna() & both["after"].isna())
    changed = both[~same].reset_index(drop=True)
    keys = changed[["level", "entity_id"]].itertuples(index=False)
    files = [_files_of(str(level), str(entity), files_by_manager, regions) for level, entity in keys]
    return changed.assign(file=pd.Series(files, index=changed.index, dtype="str"))[list(CHANGE_COLUMNS)]


def _files_of(level: str, entity: str, files_by_manager: Mapping[str, Sequence[str]], regions: pd.Series) -> str:
    if entity == ORGANISATION_ID and level == "organisation":
        managers = set(files_by_manager)
    elif level == "region":
        managers = {str(one) for one in regions[regions == entity].index}
    else:
        managers = {entity}
    names = [name for manager in sorted({*managers, ""}) for name in files_by_manager.get(manager, ())]
    return "、".join(dict.fromkeys(names))


def files_since(manifest: Manifest, run: int, month: str, withdrawn: str = "{name}") -> dict[str, list[str]]:
    """Names of the files taken in or withdrawn after a run that may change a month, by manager; master data under "".
    A file that was refused, or waits for an answer, changes none.

    `withdrawn` says of a file that it was withdrawn.
    """
    happened = {one.sha256 for one in manifest.events if one.run > run and one.what != "received"}
    receipts = {one.sha256: one for one in manifest.receipts if one.run > run or one.sha256 in happened}
    found: dict[str, list[Receipt]] = {}
    for one in manifest.submissions:
        if (
            one.sha256 in receipts
            and one.month <= month
            and one.judged != "refused"
            and one.state not in ("refused", "held")
            and receipts[one.sha256] not in found.get(one.manager_id, [])
        ):
            found.setdefault(one.manager_id, []).append(receipts[one.sha256])
    masters = {one.sha256 for one in manifest.masters}
    found[""] = [receipts[sha256] for sha256 in masters if sha256 in receipts]
    return {
        manager: [
            _told(one, withdrawn) for one in sorted(listed, key=lambda one: (one.run, one.saved_at, one.sha256))
        ]
        for manager, listed in found.items()
    }


def _told(receipt: Receipt, withdrawn: str) -> str:
    return withdrawn.format(name=receipt.name) if receipt.withdrawn else receipt.name
