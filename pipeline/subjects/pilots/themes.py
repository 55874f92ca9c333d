"""The theme of pilots: an effect that is certain, told in the month in which it was last compared."""

from pipeline.base.frames import records
from pipeline.contract.page_one import PageFinding
from pipeline.findings.page import Page
from pipeline.subjects.pilots.texts import effect_text

WEIGHT = 40.0  # % as for a theme that concerns a part of the stations


def pilots(page: Page) -> PageFinding | None:
    """The first figure whose interval is off zero, of a comparison that this month has added to; None for whoever has
    no stations in one, and where nothing is certain."""
    story = page.story
    frame = page.frame("pilot_effects")
    if frame.empty or story.level == "manager":
        return None
    own = frame[(frame["level"] == story.level) & (frame["entity_id"] == story.entity_id)]
    fresh = own[(own["state"] == "told") & (own["until"] == str(story.month))]
    certain = fresh[(fresh["low95"] > 0) | (fresh["high95"] < 0)]
    rows = [one for one in records(certain) if str(one["figure"]) in story.declared]
    judged = [one for one in rows if page.figure(str(one["figure"])).better != "neither"]
    if not judged:
        return None
    row = judged[0]
    figure = page.figure(str(row["figure"]))
    is_good = (float(row["effect"]) > 0) == (figure.better == "higher")
    return PageFinding(
        "pilots",
        effect_text(row, figure, page.words).removesuffix(page.words.pick("。", ".")),
        todo="" if is_good else page.say("pilots.todo"),
        owner="" if is_good else page.own_owner,
        due=None if is_good else page.due("month"),
        weight=WEIGHT,
        sheet="pilots",
        is_good=is_good,
    )


THEMES = {"pilots": pilots}
