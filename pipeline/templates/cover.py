"""The cover of a template: whose and which month's it is, what there was nothing of, how it is filled in."""

from collections.abc import Sequence

from pipeline.contract import form_layout as layout
from pipeline.templates.parts import Contents, CoverField, CoverPlan, Manager, Pack
from pipeline.words import Words
from schemas.form import Form
from schemas.profile import Profile

MONTH_HELP = tuple(f"month_{number}" for number in range(1, 9))
MASTER_HELP = tuple(f"master_{number}" for number in range(1, 6))


def plan_cover(forms: Sequence[Form], words: Words, profile: Profile, contents: Contents) -> CoverPlan:
    """The cover of a template with these forms."""
    monthly = any(form.kind == "monthly" for form in forms)
    kind = "month" if monthly else "master"
    ticks = [(layout.sheet_name(form, words.language), form.key in contents.nil_forms) for form in forms]
    return CoverPlan(
        title=words(f"templates.cover.title_{kind}"),
        fields=_cover_fields(words, contents, monthly),
        forms=tuple(ticks) if monthly else (),
        tick_prompt=words("templates.cover.tick"),
        help_heading=words("templates.cover.instructions"),
        help_lines=(
            *(words(f"templates.cover.{key}") for key in (MONTH_HELP if monthly else MASTER_HELP)),
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


def _cover_fields(words: Words, contents: Contents, monthly: bool) -> tuple[CoverField, ...]:
    manager = contents.manager or Manager("", "")
    month = str(contents.month) if contents.month else ""
    fields = [(layout.VALID_FROM, month, words("templates.cover.valid_from"))]
    if monthly:
        fields = [
            (layout.MANAGER_ID, manager.id, words("templates.cover.manager_id")),
            (layout.MANAGER_NAME, manager.name, words("templates.cover.manager_name")),
            (layout.MONTH, month, words("templates.cover.month")),
        ]
    fields.append((layout.VERSION, layout.TEMPLATE_VERSION, ""))
    return tuple(CoverField(label.of(words.language), value, prompt) for label, value, prompt in fields)
