"""The rule that comes before all others: who has not reported, so that nothing is read into the hole."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from pipeline.base.frames import records
from pipeline.findings.evidence import Evidence
from pipeline.findings.rule import Finding, Number, Rule
from pipeline.words import Language, Words, load_words
from schemas.profile import Profile

REPORT_MISSING = "report_missing"
MOST_NAMED = 8  # managers named in one finding; the rest is counted
_LANGUAGES: tuple[Language, ...] = ("zh", "en")
_SHARES = ("share_previous", "share_last_year")


def reports_missing(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """One finding an entity: who has not sent which forms, and how much of the totals compared with was theirs."""
    missing = evidence.details.entities.by_entity.get("missing_reports")
    if missing is None or missing.empty:
        return
    for (level, entity), rows in missing.groupby(["level", "entity_id"], sort=False):
        told = records(rows)
        values: dict[str, Number] = {
            "missing": len({one for row in told for one in row["managers"].split(",")}),
            "in_office": max(int(row["in_office"]) for row in told),
            **{f"who_{language}": _who(told, str(level), evidence, language) for language in _LANGUAGES},
            **{
                f"{name}_{language}": _shares(told, name, evidence, language)
                for name in _SHARES
                for language in _LANGUAGES
            },
        }
        yield Finding(
            level, str(entity), rule.key, rule.severity, "report", "", float(len(told)), values,  # type: ignore[arg-type]
        )  # fmt: skip


def _who(rows: Sequence[Mapping[str, object]], level: str, evidence: Evidence, language: Language) -> str:
    """The managers with the forms that each lacks, those of the same forms together; of one manager the forms alone."""
    words = load_words(language)
    lacking: dict[str, list[str]] = {}
    for row in rows:
        for manager in str(row["managers"]).split(","):
            lacking.setdefault(manager, []).append(form_name(str(row["form"]), language, evidence.profile))
    together: dict[tuple[str, ...], list[str]] = {}
    for manager, forms in lacking.items():
        together.setdefault(tuple(forms), []).append(manager)
    joint = words("sentences.list_joint")
    if level == "manager":
        return joint.join(form for same in together for form in same)
    parts = []
    for same, managers in together.items():
        named = joint.join(evidence.manager(one) for one in managers[:MOST_NAMED])
        more = len(managers) - MOST_NAMED
        named += words("findings.report_missing.more_managers", more=more) if more > 0 else ""
        parts.append(words("findings.report_missing.who", managers=named, forms=joint.join(same)))
    return words("sentences.clause_joint").join(parts)


def _shares(rows: Sequence[Mapping[str, object]], name: str, evidence: Evidence, language: Language) -> str:
    """What part of the totals was theirs, form by form; empty where that is not known."""
    words = load_words(language)
    parts = [
        words(
            "findings.report_missing.share",
            form=form_name(str(row["form"]), language, evidence.profile),
            share=row[name],
        )
        for row in rows
        if not pd.isna(row[name])  # type: ignore[call-overload]
    ]
    return words("sentences.list_joint").join(parts)


def form_name(form: str, language: Language, profile: Profile) -> str:
    """What a form is called."""
    declared = profile.forms[form]
    return declared.zh if language == "zh" else declared.en


def missing_texts(finding: Finding, words: Words) -> dict[str, str]:
    """Who is missing, and how much of last month's and last year's totals was theirs, as far as it is known."""
    known = {
        name: str(finding.values[f"{name}_{words.language}"]) for name in ("share_previous", "share_last_year")
    }
    shares = [words(f"findings.report_missing.{name}", shares=share) for name, share in known.items() if share]
    text = "".join(words("findings.report_missing.shares", shares=one) for one in shares)
    who = str(finding.values[f"who_{words.language}"])
    if finding.level == "manager":
        return {"who": words("findings.report_missing.own", forms=who), "shares": ""}
    return {"who": who, "shares": text}


MISSING = Rule(REPORT_MISSING, 3, "", reports_missing, missing_texts)
