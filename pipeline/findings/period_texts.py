"""What is said of a quarter, a half-year or a year beside its figures: who is missing, how forecasts fared, what was
found in most months, what became of measures, who was best. For everybody alike, managers included."""

from collections.abc import Callable, Iterable, Sequence

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.base.period import Period
from pipeline.contract.few import change_is_few
from pipeline.contract.report import SpanKnown
from pipeline.contract.show import COMPARABLE, after_label, change_text, number_text, percent_text
from pipeline.findings.missing_rules import form_name
from pipeline.findings.story import Story, changes, of_entity

MOST_NAMED, MOST_RULES, MOST_MOVED = 6, 3, 3
LEAST_CHANGE = 1.0  # in % or points: what moved less stood still
MODEL = "model"


def say(story: Story, key: str, **values: object) -> str:
    """A text on periods."""
    return story.words(f"page_one.span.{key}", **values)


def joined(story: Story, texts: Iterable[str]) -> str:
    """A list within a sentence."""
    return story.words("sentences.list_joint").join(texts)


def months_text(story: Story, months: Sequence[Month]) -> str:
    """Months within a period whose year is known: 4月、5月."""
    return joined(story, (story.words.pick(f"{one.month}月", str(one)) for one in months))


def missing_texts(story: Story, span: Period, known: SpanKnown) -> list[str]:
    """Months of which nothing is known, then who has not handed in what, then what is not compared for it."""
    texts = [say(story, "months_missing", months=months_text(story, known.missing))] if known.missing else []
    texts += _missing_managers(story)
    whole = [one for one in span if one not in known.missing]
    for when, months in known.compared.items():
        if when == "previous" and span.before == span.year_ago:
            continue
        if months and len(months) < len(whole):
            texts.append(say(story, f"compared_{when}", months=months_text(story, months)))
    return texts


def _missing_managers(story: Story) -> list[str]:
    frame = story.details["period_missing"]
    by_manager: dict[str, list[str]] = {}
    for row in records(frame):
        forms = [form_name(one, story.words.language, story.profile) for one in str(row["forms"]).split(",")]
        month = months_text(story, [Month.parse(str(row["month"]))])
        told = say(story, "not_sent", month=month, forms=joined(story, forms))
        by_manager.setdefault(str(row["entity_id"]), []).append(told)
    named = [
        say(story, "missing_of", name=story.manager(manager), told=joined(story, told))
        for manager, told in list(by_manager.items())[:MOST_NAMED]
    ]
    if len(by_manager) > MOST_NAMED:
        named.append(say(story, "missing_more", count=len(by_manager) - MOST_NAMED))
    return named


def fared_text(story: Story) -> str:
    """In how many months what came lay inside the model's 80 % interval, and by how much it was missed; empty where
    nothing was forecast."""
    texts = []
    own = of_entity(story.details["period_fared"], story)
    for figure in story.profile.forecast_figures:
        rows = own[(own["measure"] == figure) & (own["source"] == MODEL)]
        judged = rows[rows["hit80"].notna()]
        came = float(rows["actual"].abs().sum())
        if judged.empty or figure not in story.declared or not came:
            continue
        declared = story.declared[figure]
        error = 100 * float((rows["forecast"] - rows["actual"]).abs().sum()) / came
        texts.append(
            say(
                story,
                "fared",
                figure=story.words.pick(declared.zh, declared.en),
                months=len(judged),
                hits=int(judged["hit80"].sum()),
                error=number_text(error, 1),
            )
        )
    return story.words("sentences.clause_joint").join(texts)


def repeated_texts(story: Story) -> list[str]:
    """The rules that were found in more than one month, those of most months first."""
    own = of_entity(story.details["period_rules"], story)
    texts = []
    for rule, rows in own.groupby("rule", sort=False):
        months = [Month.parse(one) for one in rows["month"]]
        if len(months) > 1:
            title = story.words(f"findings.{rule}.title")
            texts.append(say(story, "repeated", title=title, months=months_text(story, months)))
    return texts


def actions_text(story: Story) -> str:
    """How many measures were set, done, done late and are open; empty where there were none."""
    frame = story.details["period_actions"]
    if frame.empty:
        return ""
    counts = frame["outcome"].value_counts()
    late, overdue = int(counts.get("done_late", 0)), int(counts.get("overdue", 0))
    done = int(counts.get("done", 0)) + late
    new = int(frame["is_new"].astype("bool").sum())
    return say(
        story, "actions", new=new, before=len(frame) - new, done=done, late=late, open=len(frame) - done,
        overdue=overdue,
    )  # fmt: skip


def names_best_by_appraisal(story: Story) -> bool:
    """Whether a trade names its best managers by their appraisal, and not by the scorecard."""
    own = story.profile.appraisals.get("manager")
    return own is not None and own.best > 0


def best_text(story: Story) -> str:
    """The best managers with score and grade; empty where nobody is."""
    if names_best_by_appraisal(story):
        return _best_appraised(story)
    named = [
        say(story, "best", name=story.manager(str(row["entity_id"])), score=number_text(float(row["score"]), 1),
            grade=row["grade"])
        for row in records(story.details["period_best"])
    ]  # fmt: skip
    return joined(story, named[:MOST_NAMED])


def _best_appraised(story: Story) -> str:
    """The same by appraisal, the best score first."""
    rows = story.details.get("best_appraised")
    if rows is None or rows.empty:
        return ""
    ordered = rows.sort_values(["score", "entity_id"], ascending=[False, True])
    named = [
        say(story, "best_appraised", name=story.manager(str(row["entity_id"])),
            score=number_text(float(row["score"]), 1))
        for row in records(ordered)
    ]  # fmt: skip
    return joined(story, named[:MOST_NAMED])


def moved_texts(story: Story, *, better: bool) -> list[str]:
    """The main figures that moved most for the better, or for the worse: on last year, else on the period before."""
    main = [key for key in story.profile.workbooks.main_figures if key in story.declared]
    found = [moved for key in main if (moved := _moved(story, key, better)) is not None]
    return [text for _, text in sorted(found, key=lambda one: -one[0])[:MOST_MOVED]]


def _moved(story: Story, key: str, better: bool) -> tuple[float, str] | None:
    figure, row = story.declared[key], story.by_figure.get(key, {})
    for against, column in (("last_year", "yoy"), ("previous", "change")):
        change = story.number(key, column)
        if change is None or change_is_few(figure, row, column, story.profile.least_count):
            continue
        if figure.better == "neither" or abs(change) < LEAST_CHANGE:
            return None
        if ((change > 0) == (figure.better == "higher")) != better:
            return None
        moved = story.words(f"figures.change.{against}", change=change_text(change, figure, story.words))
        label = story.words.pick(figure.zh, figure.en)
        like = _like_with_like(story, key, column)
        value = after_label(label, story.shown(key) or "")
        return abs(change), say(story, "moved", figure=label, value=value, change=moved, like=like)
    return None


def _like_with_like(story: Story, key: str, column: str) -> str:
    """From what to what a figure changed, where only part of the period, or of its people, can be compared: the value
    beside it is then another one."""
    now, base = (story.shown(key, one) for one in COMPARABLE[column])
    if now is None or base is None or now == story.shown(key):
        return ""
    return say(story, "like", now=now, base=base)


def changes_over(span: Period) -> Callable[[Story, str], str]:
    """How a figure's changes and completion are told: of a year, which lies behind last year, that alone."""
    return _against_last_year if span.before == span.year_ago else changes


def _against_last_year(story: Story, key: str) -> str:
    figure, row, change = story.declared[key], story.by_figure.get(key, {}), story.number(key, "yoy")
    texts = []
    if change is not None and not change_is_few(figure, row, "yoy", story.profile.least_count):
        moved = change_text(change, figure, story.words)
        texts.append(story.words("figures.change.last_year", change=moved))
    completion = story.number(key, "completion")
    if completion is not None:
        texts.append(story.words("sentences.target", completion=percent_text(completion, story.words)))
    return "".join(story.words.pick("，", ", ") + text for text in texts)


def achieved_texts(story: Story, change: Callable[[Story, str], str]) -> list[str]:
    """One sentence a main figure: its value with its changes and how far its target was reached."""
    main = [key for key in story.profile.workbooks.main_figures if key in story.declared]
    told = [
        say(story, "achieved", figure=label, value=after_label(label, value), changes=change(story, key))
        for key in main
        for label in [story.words.pick(story.declared[key].zh, story.declared[key].en)]
        if (value := story.shown(key)) is not None
    ]  # fmt: skip
    return told
