"""Which problems are still to be told: not those of a file that was withdrawn, or that a newer one put right."""

from pipeline.contract.problem import Problem
from pipeline.ledger.decide import group_by_key, standing
from pipeline.ledger.manifest import Manifest, Receipt
from pipeline.ledger.rivals import MASTER_RIVAL_RULES, RIVAL_RULES
from pipeline.ledger.sent_again import plain_name

Came = tuple[int, str]  # run and time of saving
Scope = tuple[
    str, ...
]  # what a problem is about: a form of a manager's month, master data, a month, a file's name


class StillOpen:
    """Tells of each problem whether it still concerns anybody, from what stands now.

    Something is put right when another file stands for the same and came later. Of files that came since without
    standing (refused, waiting), those of the last run are to be told. That two files of one run were about the same is
    told until a later run brings another. What stands beside managers' forms puts nothing of theirs right, nor they of
    it.
    """

    def __init__(self, manifest: Manifest) -> None:
        self._receipts = manifest.receipts_by_hash
        self._stands: dict[Scope, set[str]] = {}
        self._newest: dict[Scope, Came] = {}
        self._last_run: dict[Scope, int] = {}
        self._adds: dict[Scope, list[Receipt]] = {}  # what stands with others: no file takes another's place
        self._beside = frozenset(one.sha256 for one in manifest.submissions if one.beside)
        for key, chain in standing(manifest).items():
            month, _, manager = key
            for one in chain:
                if one.replaces == "nothing":
                    self._adds.setdefault(key, []).append(self._receipts[one.sha256])
                for scope in (key, (month, manager), (self._receipts[one.sha256].name,)):
                    self._enter(scope, self._receipts[one.sha256])
        for part in manifest.masters:
            for scope in ((part.valid_from, part.form, ""), (self._receipts[part.sha256].name,)):
                self._enter(scope, self._receipts[part.sha256])
        for key, group in group_by_key(manifest.submissions).items():
            for one in group:
                about, run = self._scope(key, one.sha256), self._receipts[one.sha256].run
                self._last_run[about] = max(run, self._last_run.get(about, run))
        keys: dict[str, list[Scope]] = {}
        for one in manifest.submissions:
            keys.setdefault(one.sha256, []).append(one.key)
        self._gone = {
            sha256
            for sha256, own in keys.items()
            if not any(self._is_open(key, self._receipts[sha256]) for key in own)
        }

    def _scope(self, scope: Scope, sha256: str) -> Scope:
        """What a file is about, told apart from the same where it stands beside managers' forms."""
        return (*scope, "beside") if sha256 in self._beside else scope

    def _enter(self, about: Scope, receipt: Receipt) -> None:
        scope = self._scope(about, receipt.sha256)
        self._stands.setdefault(scope, set()).add(receipt.sha256)
        came = (receipt.run, receipt.saved_at)
        self._newest[scope] = max(came, self._newest.get(scope, came))

    def __call__(self, sha256: str, problem: Problem) -> bool:
        receipt = self._receipts[sha256]
        scopes = _scopes(problem, receipt.name)
        if receipt.withdrawn:
            return False
        if problem.rule in (*RIVAL_RULES, *MASTER_RIVAL_RULES):
            about = [self._scope(scope, sha256) for scope in scopes]
            return all(receipt.run >= self._newest.get(scope, (receipt.run,))[0] for scope in about)
        if any(self._is_put_right(scope, receipt) for scope in scopes):
            return False
        return sha256 not in self._gone and all(self._is_open(scope, receipt) for scope in scopes)

    def _is_put_right(self, scope: Scope, receipt: Receipt) -> bool:
        """Whether a file came back corrected, where files stand beside each other."""
        came = (receipt.run, receipt.saved_at)
        later = (one for one in self._adds.get(scope, ()) if (one.run, one.saved_at) > came)
        return any(plain_name(one.name) == plain_name(receipt.name) for one in later)

    def _is_open(self, about: Scope, receipt: Receipt) -> bool:
        scope = self._scope(about, receipt.sha256)
        if receipt.sha256 in self._stands.get(scope, ()):
            return True
        came = (receipt.run, receipt.saved_at)
        return came >= self._newest.get(scope, came) and receipt.run >= self._last_run.get(scope, receipt.run)


def _scopes(problem: Problem, name: str) -> tuple[Scope, ...]:
    if problem.form and problem.manager_id:
        return ((problem.month, problem.form, problem.manager_id),)
    if problem.form:
        return ((problem.month, problem.form, ""), (name,))
    return ((problem.month, problem.manager_id), (name,))
