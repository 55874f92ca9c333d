"""Single shops and cases: counted in one line, each with the sheet that lists them."""

from collections.abc import Iterator

from pipeline.contract.page_one import Fact
from pipeline.contract.themes import MANAGERS_PARTS, tab_of
from pipeline.findings.page import Page
from pipeline.findings.themes import singles_of


def singles(page: Page, told: frozenset[str]) -> tuple[str, tuple[Fact, ...]]:
    """All of them in one sentence, with the numbers in it; empty where there are none.

    Args:
        told: themes that are findings of their own: what they count is not counted again.
    """
    counted = [one for one in _counted(page, told) if one[1].value]
    if not counted:
        return "", ()
    clauses = [
        page.say("singles.one", what=fact.label, count=fact.text, sheet=_tab(page, sheet))
        for sheet, fact in counted
    ]
    joined = page.words("sentences.clause_joint").join(clauses)
    return page.say("singles.all", told=joined), tuple(fact for _, fact in counted)


def _tab(page: Page, sheet: str) -> str:
    """The name of the tab on which a sheet is found."""
    books = page.story.profile.workbooks
    themes = books.region
    if page.story.level == "manager":
        themes, sheet = books.manager, MANAGERS_PARTS.get(sheet, sheet)
    return page.words(f"workbooks.sheet.{tab_of(themes, sheet)}")


def _counted(page: Page, told: frozenset[str]) -> Iterator[tuple[str, Fact]]:
    """Each kind with the sheet on which it is listed."""
    for single in singles_of(page.story.profile):
        if single.unless not in told:
            words = page.say(f"singles.{single.rule}")
            yield single.sheet, page.count(words, single.count(page), single.unit)
