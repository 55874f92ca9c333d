"""Rules of findings on orders: late, overdue, escalated, repeated; too many complaints; too few satisfied."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.findings.evidence import Evidence, Top, top_rows
from pipeline.findings.figure_rules import figure_rule, too_high, too_low
from pipeline.findings.listed import day_of, source_of
from pipeline.findings.rule import Finding, Number, Rule
from pipeline.words import Words

_OPEN = ("open", "overdue")


def overdue_orders(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Orders open beyond their limit, the longest first."""
    rows = evidence.details.lists["service_orders"]
    late = rows[rows["order_state"] == "overdue"]
    late = late.assign(weight=late["days_overdue"].astype("float64"))
    for top in top_rows(
        late[late["weight"] >= evidence.limit(rule.threshold)], "weight", "complaint_no", levels=evidence.levels
    ):
        yield _of_order(rule, evidence, top, {"days": int(top.row["days_overdue"])})


def escalated_orders(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Escalated orders that are still open, from the profile's level on, the highest first."""
    rows = evidence.details.lists["orders_escalated"]
    weighed = rows.assign(weight=rows["escalation"].astype("float64"))
    high = weighed[(weighed["weight"] >= evidence.limit(rule.threshold)) & weighed["order_state"].isin(_OPEN)]
    for top in top_rows(high, "weight", "complaint_no", levels=evidence.levels):
        told: dict[str, Number] = {
            "escalation": str(top.row["escalation"]),
            "since": day_of(top.row["escalated_on"]),
        }
        yield _of_order(rule, evidence, top, told)


def repeated_orders(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Orders that repeat others, from the profile's length of their chain on, the longest first."""
    rows = evidence.details.lists["orders_repeated"]
    weighed = rows.assign(weight=rows["chain"].astype("float64"))
    long = weighed[weighed["weight"] >= evidence.limit(rule.threshold)]
    for top in top_rows(long, "weight", "complaint_no", levels=evidence.levels):
        yield _of_order(rule, evidence, top, {"chain": int(top.row["chain"])})


def _of_order(rule: Rule, evidence: Evidence, top: Top, told: dict[str, Number]) -> Finding:
    row = top.row
    values: dict[str, Number] = {
        "order": str(row["complaint_no"]),
        "customer": evidence.customer(str(row["customer_id"])),
        "manager": evidence.manager(str(row["manager_id"])),
        "received": day_of(row["received_on"]),
        **_Words(evidence, "category").of("kind", row["category"]),
        **_Words(evidence, "department").of("department", row["department"]),
        **told,
    }
    return Finding(
        top.level, top.entity_id, rule.key, rule.severity, "case", str(row["complaint_no"]), row["weight"], values,
        more=top.more, **source_of(row),  # type: ignore[arg-type]
    )  # fmt: skip


@dataclass(frozen=True)
class _Words:
    """The words of a column's list, in both languages."""

    evidence: Evidence
    column: str

    def of(self, name: str, code: object) -> dict[str, Number]:
        """What a code means, under a name in each language; nothing where it means nothing."""
        profile = self.evidence.profile
        listed = profile.forms["complaints"].column(self.column)
        choices = listed.choices or profile.choices(listed.list_name)
        found = next((one for one in choices if one.key == str(code)), None)
        return {} if found is None else {f"{name}_zh": found.zh, f"{name}_en": found.en.lower()}


def order_texts(finding: Finding, words: Words) -> dict[str, str]:
    """The kind of the order, and with which department it is, as far as that is known."""
    values = finding.values
    department = values.get(f"department_{words.language}")
    key = "nobody" if department is None else "with"
    return {
        "kind_text": str(values.get(f"kind_{words.language}", "")),
        "department_text": words(f"findings.of_order.{key}", department=department),
    }


RULES = (
    figure_rule("orders_late", 2, "on_time_rate", "on_time_low", too_low),
    figure_rule("complaint_rate_high", 2, "complaint_rate", "complaint_rate_high", too_high),
    figure_rule("satisfied_low", 2, "satisfied_rate", "satisfied_low", too_low),
    figure_rule("follow_up_low", 1, "follow_up_rate", "follow_up_low", too_low),
    Rule("order_overdue", 3, "days_overdue", overdue_orders, order_texts),
    Rule("order_escalated", 3, "escalated_level", escalated_orders, order_texts),
    Rule("order_repeated", 3, "province_orders", repeated_orders, order_texts),
)
