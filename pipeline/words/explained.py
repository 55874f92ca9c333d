"""Why a rule is there, with an example of right and wrong: what `yuebao explain` and the marked copy's list say.

Rules of one kind share an explanation (`explain.toml`); what each one expects it says itself (`problems.toml`, the
rules of the forms, `intake_reading.toml`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.words import Words
from schemas.form import Form

# The rules that each explanation is for; rules of forms and of reading are told by how their keys begin.
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "required": ("required", "nothing_typed"),
    "limits": ("limits", "too_long", "type"),
    "code_as_text": ("id", "id_digits_lost", "id_scientific", "id_was_number", "zero_restored"),
    "code_alone": ("id_guarded", "code_case", "code_with_name", "name_meant"),
    "invisible": ("invisible_removed", "tidied"),
    "number_alone": ("number", "whole", "text_number", "number_unit", "number_sign",
                     "number_ten_thousands", "unit_other"),
    "rate": ("rate_was_share", "rate_percent", "rate_unclear"),
    "target": ("unknown_metric", "unknown_entity"),
    "day": ("day", "text_day", "day_was_number", "time_dropped", "day_far_off", "day_zone", "day_before_midnight",
            "month_as_day"),
    "clock": ("clock", "text_clock", "clock_was_number", "clock_was_digits"),
    "month": ("month", "month_two", "month_unusable", "month_was_number", "month_written", "no_month", "export_month"),
    "flag": ("flag", "flag_sign", "flag_understood", "nil_unclear"),
    "as_usual": ("tick_unclear", "tick_times_twice", "tick_day", "tick_missing", "unchanged_from_nothing"),
    "choice": ("choice", "choice_understood"),
    "text": ("read_as_text",),
    "formula": ("error_cell", "uncalculated_formula"),
    "same_rows": ("equal_row", "same_key"),
    "many": ("more_of_the_same", "more_cells", "column_note"),
    "bad_rows": ("too_many_bad_rows",),
    "headings": ("missing_column", "doubled_heading", "unknown_heading", "no_heading_row", "export_header",
                 "export_sheet_header", "settings_where", "settings_heading_twice", "settings_heading_unclear",
                 "settings_heading_unit", "heading_unit", "export_table", "settings_tables", "settings_month_twice"),
    "export_units": ("settings_unit_column", "unit_unknown", "no_factor", "export_one_heading"),
    "export_rows": ("rows_unasked", "rows_void", "key_differs", "other_table"),
    "export_year": ("export_year", "months_of_zeros"),
    "export_manager": ("manager_of_customer", "manager_of_region"),
    "sheets": ("form_on_two_sheets", "no_form", "sheet_not_read", "example_overwritten", "export_sheet_hidden"),
    "cover": ("no_cover", "no_manager", "unknown_manager", "manager_name", "nil_but_filled", "others_form"),
    "masters": ("no_masters", "masters_refused", "master_replaced", "older_master_counts"),
    "rivals": ("rivals_refused", "rival_replaced", "rival_days_refused", "rival_days_replaced", "rival_rows_refused",
               "older_counts"),
    "sign_in": ("sign_in_blank", "outside_week", "form_over_books", "book_over_form"),
    "asked": ("asked_shrinks", "asked_nil_over_rows", "asked_month_ahead", "asked_month_before_masters"),
    "span": ("export_span", "outside_span", "covers_in_doubt"),
    "not_data": ("not_data",),
    "surplus": ("surplus_cells",),
    "nothing": ("nothing_taken", "nothing_in_it"),
    "decisions": ("unknown_region", "no_decision", "known_reference", "own_region", "decided_not_before",
                  "decided_not_after"),
    "cases": ("unknown_case", "case_number_taken", "unknown_number"),
}  # fmt: skip
_BEGINNINGS = {
    "known_": "known", "month_": "in_month", "active_": "active", "own_": "own_customer", "filled_": "filled",
    "order_": "order", "disagree_": "disagree", "unreadable_": "unreadable", "remark_": "remark",
}  # fmt: skip
OF_A_FORM = "form_rule"
_FAMILY_OF = {rule: family for family, rules in FAMILIES.items() for rule in rules}
_EXAMPLES = {"year": "2024"}  # values that make a sentence easier to read than a gap
_READING = {"unreadable": "intake_reading.refused", "remark": "intake_reading.remark"}


@dataclass(frozen=True)
class Explained:
    """One rule explained: what it expects, why, an example of right and wrong, and the forms that have it."""

    rule: str
    expected: str
    why: str
    right: str
    wrong: str
    forms: tuple[str, ...] = ()


class _Blanks(dict[str, str]):
    """Values that are only known where a rule is broken."""

    def __missing__(self, key: str) -> str:
        return _EXAMPLES.get(key, "…")


def family_of(rule: str) -> str:
    """The explanation that is meant for a rule."""
    if rule in _FAMILY_OF:
        return _FAMILY_OF[rule]
    return next((family for start, family in _BEGINNINGS.items() if rule.startswith(start)), OF_A_FORM)


def all_rules(forms: Mapping[str, Form], words: Words) -> tuple[str, ...]:
    """Every rule that can be broken or noted: of cells and files, of reading, of the forms."""
    sections = {
        "problems.expected.": "",
        "intake_reading.refused.": "unreadable_",
        "intake_reading.remark.": "remark_",
    }
    keys = [
        start + key.removeprefix(section)
        for section, start in sections.items()
        for key in words.texts
        if key.startswith(section)
    ]
    keys += [rule.key for form in forms.values() for rule in form.all_rules]
    return tuple(dict.fromkeys(keys))


def explain(rule: str, forms: Mapping[str, Form], words: Words) -> Explained | None:
    """A rule explained; None where there is no such rule."""
    if rule not in all_rules(forms, words):
        return None
    family = family_of(rule)
    having = [form for form in forms.values() if form.rule(rule) is not None]
    return Explained(
        rule,
        _expected(rule, having, words),
        why_of(rule, words),
        words(f"explain.right.{family}"),
        words(f"explain.wrong.{family}"),
        tuple(words.pick(form.zh, form.en) for form in having),
    )


def why_of(rule: str, words: Words) -> str:
    """Why a rule is there."""
    return words(f"explain.why.{family_of(rule)}")


def _expected(rule: str, having: Iterable[Form], words: Words) -> str:
    for form in having:
        if (own := form.rule(rule)) is not None:
            return words.pick(own.zh, own.en)
    start, _, reason = rule.partition("_")
    subject = _READING.get(start, "")
    key = f"{subject}.{reason}" if subject and words.has(f"{subject}.{reason}") else f"problems.expected.{rule}"
    return words.texts[key].format_map(_Blanks())
