"""For how long a figure has been below the same month last year. Free of any subject."""

from pipeline.findings.page import Page
from pipeline.findings.usual import is_end_known, months_in_a_row

_YEAR = 12


def below_last_year(page: Page, figure: str) -> str:
    """For how many months in a row, in words; this month over those known in both. So many or more where the month
    before them cannot be compared: nobody had reported it, or nothing is known of the year before."""
    month = page.story.month
    pairs = [
        (page.in_month(figure, month + -back), page.in_month(figure, month + (-back - _YEAR)))
        for back in range(_YEAR - 1, 0, -1)
    ]
    lags = [None if now is None or then is None else now - then for now, then in pairs]
    lags.append(page.difference(figure, "yoy"))
    months = months_in_a_row(lags, lambda lag: lag < 0)
    if months <= 1:
        return page.say("since.below_once") if months else ""
    return page.say("since.below_last_year" if is_end_known(lags, months) else "since.below_more", months=months)
