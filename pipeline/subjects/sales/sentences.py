"""Sentences on sales: volume and amount; customers that ordered, and what they ordered."""

import pandas as pd

from pipeline.base.frames import records
from pipeline.contract.show import large_money_text, money_scale
from pipeline.findings.story import Story, changes, clause, sentence

_EFFECTS = ("volume_effect", "mix_effect", "price_effect")


def sales_total(story: Story, full: bool = False) -> str:
    """Volume and amount with change and target."""
    words = story.words
    month = words.pick(f"{story.month.year}年{story.month.month}月", str(story.month))
    if "sales" not in story.profile.forms:
        return ""
    if story.number("volume") is None:
        return words("sentences.sales.nothing", month=month, name=story.name)
    clauses = [
        words(
            "sentences.sales.volume",
            month=month,
            name=story.name,
            value=story.shown("volume"),
            changes=changes(story, "volume"),
        ),
        clause(story, "sales.amount", "amount"),
        _effects(story),
    ]
    return sentence(story, clauses)


def _effects(story: Story) -> str:
    """What volume, mix and prices did to the amount since last month, each in money: they add up to its change."""
    effects = records(story.details.get("growth_effects", pd.DataFrame(columns=["compared_with"])))
    rows = [row for row in effects if row["compared_with"] == "previous"]
    if not rows or not rows[0]["change"]:
        return ""
    told = {name: _moved(story, float(rows[0][name])) for name in ("change", *_EFFECTS)}
    return story.words("sentences.sales.effects", **told)


def _moved(story: Story, value: float) -> str:
    """Money with the way it went, in the unit in which the sheet of sales shows it."""
    scale, decimals = money_scale(story.words)
    if round(value / scale, decimals) == 0:
        return story.words("sentences.sales.even")
    text = large_money_text(abs(value), story.words)
    return story.words(f"sentences.sales.{'more' if value > 0 else 'less'}", value=text)


def customers_and_mix(story: Story, full: bool = False) -> str:
    """Ordering customers and rate, the category whose share moved most, key brands, fill rate."""
    ordering = story.shown("ordering_customers")
    if ordering is None:
        return ""

    clauses = [
        story.words("sentences.sales.ordering", value=ordering.removesuffix("户").removesuffix(" customers")),
        clause(story, "sales.ordering_rate", "ordering_rate"),
        *(_share(story, key) for key in (_moved_category(story), "key_brand_share") if key),
        clause(story, "sales.fill_rate", "fill_rate"),
    ]
    return sentence(story, clauses)


def _moved_category(story: Story) -> str | None:
    """The category share that moved most since last month."""
    keys = [key for key in story.declared if key.startswith("category_share.")]
    changes = {key: abs(story.number(key, "change") or 0) for key in keys if story.number(key) is not None}
    return max(changes, key=lambda key: changes[key]) if changes else None


def _share(story: Story, key: str) -> str:
    if story.number(key) is None:
        return ""
    figure = story.declared[key]
    zh, en = (
        figure.zh.removesuffix("占比"),
        figure.en.removeprefix("Share of ").replace("Key-brand share", "key brands"),
    )
    label = story.words.pick(zh, en)
    return story.words(
        "sentences.sales.share", label=label, value=story.shown(key), changes=changes(story, key, 1)
    )


SENTENCES = {"sales": sales_total, "mix": customers_and_mix}
