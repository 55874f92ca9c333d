"""Rules of findings on movements: what is kept, new and come back; customers lost; forms that disagree."""

from collections.abc import Iterable

from pipeline.findings.evidence import Evidence, top_rows
from pipeline.findings.figure_rules import figure_rule, misses_target, too_low
from pipeline.findings.listed import source_of
from pipeline.findings.rule import Finding, Number, Rule
from pipeline.words import Words

MOVEMENTS = "movements"


def customers_lost(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Customers that lost households in the month: how many, to whom, why."""
    rows = evidence.details.lists["households_lost"]
    keys = ["region_id", "manager_id", "customer_id"]
    first = rows.sort_values(["households", "source_row"], ascending=[False, True]).drop_duplicates(keys)
    lost = rows.groupby(keys)["households"].sum().rename("lost").reset_index()
    many = first.merge(lost, on=keys)
    large = many[many["lost"] >= evidence.limit(rule.threshold)].assign(
        weight=lambda one: one["lost"].astype(float)
    )
    for top in top_rows(large, "weight", "customer_id", levels=evidence.levels):
        values: dict[str, Number] = {
            "customer": evidence.customer(str(top.row["customer_id"])),
            "lost": int(top.row["lost"]),
            **_words_of(evidence, "lost_to", top.row["lost_to"]),
            **_words_of(evidence, "reason", top.row["reason"]),
        }
        yield Finding(
            top.level, top.entity_id, rule.key, rule.severity, "customer", str(top.row["customer_id"]),
            top.row["weight"], values, more=top.more, **source_of(top.row),  # type: ignore[arg-type]
        )  # fmt: skip


def _words_of(evidence: Evidence, column: str, code: object) -> dict[str, Number]:
    """What a code means, in both languages."""
    listed = evidence.profile.forms[MOVEMENTS].column(column)
    choices = listed.choices or evidence.profile.choices(listed.list_name)
    named = next((one for one in choices if one.key == str(code)), None)
    return {f"{column}_zh": named.zh, f"{column}_en": named.en} if named else {}


def loss_texts(finding: Finding, words: Words) -> dict[str, str]:
    """To whom the households went and why, as far as it is told."""
    given = {name: finding.values.get(f"{name}_{words.language}") for name in ("lost_to", "reason")}
    return {
        f"{name}_text": "" if value is None else words(f"findings.customer_lost.{name}", value=value)
        for name, value in given.items()
    }


def states_disagree(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Customers whose movements make something else of the month's start than their state at its end: with both
    numbers."""
    rows = evidence.details.lists["states_disagree"]
    whole = rows[rows["account"] == "households"]
    states = rows[(rows["account"] != "households") & ~rows["customer_id"].isin(whole["customer_id"])]
    for frame in (whole, states.drop_duplicates("customer_id")):
        weighed = frame.assign(weight=frame["difference"].abs().astype("float64"))
        for top in top_rows(weighed, "weight", "customer_id", levels=evidence.levels):
            values: dict[str, Number] = {
                "customer": evidence.customer(str(top.row["customer_id"])),
                "account": str(top.row["account"]),
                **{name: int(top.row[name]) for name in ("start", "computed", "reported", "difference")},
            }
            known = {} if top.row["source_row"] != top.row["source_row"] else source_of(top.row)
            yield Finding(
                top.level, top.entity_id, rule.key, rule.severity, "customer", str(top.row["customer_id"]),
                top.row["weight"], values, more=top.more, **known,  # type: ignore[arg-type]
            )  # fmt: skip


def account_texts(finding: Finding, words: Words) -> dict[str, str]:
    """What disagrees: households on the books, or of a state."""
    return {"account_text": words(f"workbooks.code.account.{finding.values['account']}")}


RULES = (
    figure_rule("kept_low", 3, "household_retention", "kept_low", too_low),
    figure_rule("new_missed", 2, "new_households", "target_low", misses_target),
    figure_rule("reactivated_missed", 1, "reactivated", "target_low", misses_target),
    Rule("customer_lost", 3, "customer_lost", customers_lost, loss_texts),
    Rule("states_disagree", 2, "states_disagree", states_disagree, account_texts),
)
