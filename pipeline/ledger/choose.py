"""Which file somebody means who names it on the command line: by name, or by the first digits of its fingerprint."""

from collections.abc import Iterable

from pipeline.base.errors import YuebaoError
from pipeline.ledger.decide import standing, waiting
from pipeline.ledger.manifest import Manifest, Receipt
from pipeline.words import Words

LEAST_DIGITS = 6


def file_to_accept(manifest: Manifest, named: str, words: Words) -> Receipt:
    """The file that waits for an answer and is meant.

    Raises:
        YuebaoError: when no such file waits, or several may be meant.
    """
    asked = [manifest.receipts_by_hash[one.sha256] for one in waiting(manifest)]
    if not asked:
        raise YuebaoError(words("run.choose.nothing_waiting"))
    found = _named(asked, named)
    if not found:
        names = "、".join(dict.fromkeys(one.name for one in asked))
        raise YuebaoError(words("run.choose.not_waiting", found=named, files=names))
    return _only(found, named, words)


def file_to_withdraw(manifest: Manifest, named: str, words: Words) -> Receipt:
    """The file that is meant: of several with that name the one that stands, else the one that waits for an answer.

    Raises:
        YuebaoError: when there is no such file, several may be meant, or it is master data.
    """
    found = _named((one for one in manifest.receipts if not one.withdrawn), named)
    if not found:
        raise YuebaoError(words("run.choose.nobody", found=named))
    stands = {one.sha256 for chain in standing(manifest).values() for one in chain}
    asked = {one.sha256 for one in waiting(manifest)}
    chosen = next(
        (some for files in (stands, asked) if (some := [one for one in found if one.sha256 in files])), found
    )
    only = _only(chosen, named, words)
    if any(one.sha256 == only.sha256 for one in manifest.masters):
        raise YuebaoError(words("run.choose.master", found=named))
    return only


def _named(receipts: Iterable[Receipt], named: str) -> list[Receipt]:
    digits = named.casefold()
    by_digits = len(digits) >= LEAST_DIGITS
    found = {
        one.sha256: one
        for one in receipts
        if one.name.casefold() == digits or (by_digits and one.sha256.startswith(digits))
    }
    return list(found.values())


def _only(found: list[Receipt], named: str, words: Words) -> Receipt:
    if len(found) > 1:
        lines = [
            words("run.choose.one_file", name=one.name, saved_at=one.saved_at, sha=one.sha256[:12])
            for one in found
        ]
        raise YuebaoError(words("run.choose.several", found=named, files="\n".join(lines)))
    return found[0]
