"""The cover of a template: whose and which month's it is, what there was nothing of, how it is filled in."""

from collections.abc import Sequence

from pipeline.contract import form_layout as layout
from pipeline.templates.parts import Contents, CoverField, CoverPlan, Manager, Pack
from pipeline.words import Words
from schemas.form import Form
from schemas.profile import Profile

MONTH_HELP = tuple(f"month_{number}" for number in range(1, 9))
MASTER_HELP = tuple(f"master_{number}" for number in range(1, 6))
REGION_HELP = tuple(f"region_{number}" for number in range(1, 5))
HELP = {"month": MONTH_HELP, "master": MASTER_HELP, "region": REGION_HELP}  # by kind of template


def plan_cover(forms: Sequence[Form], words: Words, profile: Profile, contents: Contents) -> CoverPlan:
    """The cover of a template with these forms."""
    monthly = any(form.kind == "monthly" for form in forms)
    of_region = bool(forms) and all(form.traits.decides for form in forms)
    kind = "region" if of_region else "month" if monthly else "master"
    ticks = [(layout.sheet_name(form, words.language), form.key in contents.nil_forms) for form in forms]
    return CoverPlan(
        title=words(f"templates.cover.title_{kind}"),
        fields=_cover_fields(words, contents, kind),
        forms=tuple(ticks) if kind == "month" else (),
        tick_prompt=words("templates.cover.tick"),
        help_heading=words("templates.cover.instructions"),
        help_lines=(
            *(words(f"templates.cover.{key}") for key in HELP[kind]),
            *_pack_lines(words, profile, contents.pack),
        ),
    )


def _pack_lines(words: Words, profile: Profile, pack: Pack | None) -> list[str]:
    """What is said on the cover of a template that comes with rows."""
    if pack is None:
        return []
    lines = [words("templates.cover.pack_rows"), words("templates.cover.pack_last")]
    brought = [profile.forms[key] for key in pack.from_exports]
    if brought:
        names = words("templates.column.between_values").join(words.pick(one.zh, one.en) for one in brought)
        lines.append(words("templates.cover.pack_exports", forms=names))
    return [words("templates.cover.pack_line", number=9 + number, line=line) for number, line in enumerate(lines)]


def _cover_fields(words: Words, contents: Contents, kind: str) -> tuple[CoverField, ...]:
    manager = contents.manager or Manager("", "")
    month = str(contents.month) if contents.month else ""
    fields = [(layout.VALID_FROM, month, words("templates.cover.valid_from"))]
    if kind == "region":
        fields = [
            (layout.REGION_ID, manager.id, words("templates.cover.region_id")),
            (layout.MONTH, month, words("templates.cover.region_month")),
        ]
    if kind == "month":
        fields = [
            (layout.MANAGER_ID, manager.id, words("templates.cover.manager_id")),
            (layout.MANAGER_NAME, manager.name, words("templates.cover.manager_name")),
            (layout.MONTH, month, words("templates.cover.month")),
        ]
    fields.append((layout.VERSION, layout.TEMPLATE_VERSION, ""))
    return tuple(CoverField(label.of(words.language), value, prompt) for label, value, prompt in fields)
