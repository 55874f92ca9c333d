"""What of a month goes into the ledger with an edition: the forecast as issued, and the fingerprints of its content."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.papers import papers_in_use
from pipeline.ledger.commit import store_frames
from pipeline.ledger.manifest import Edition
from pipeline.month.editions import Content, digest_of
from pipeline.month.forecast import FORECAST_COLUMNS
from pipeline.month.opening import Months, Place
from pipeline.month.papers import in_digest
from pipeline.month.report import MonthFigures
from pipeline.month.track import issued_by_model
from schemas.form import region_forms


@dataclass(frozen=True)
class Issue:
    """The forecast of a month, to be kept as an edition of it gives it."""

    place: Place
    month: Month
    edition: int


def store_issued(task: Issue) -> str:
    """Keeps a month's forecast as an edition gives it, that of each region's customers by itself; backfilled where
    later months are known already. Gives the name of the file."""
    months, month = task.place.months, task.month
    late = month < max(months.shape.months)
    forecasts = chain([months.graph.of("forecast", month)], customers_forecasts(months, month))
    issued = (issued_by_model(one, month, task.edition, backfilled=late) for one in forecasts)
    return store_frames(months.ledger.home, f"editions/{month}/forecast", issued)


def customers_forecasts(months: Months, month: Month) -> Iterator[pd.DataFrame]:
    """What is forecast of customers, region by region."""
    for region in months.shape.names(month):
        yield months.graph.of("some_customers_forecast", month, (region,))[list(FORECAST_COLUMNS)]


def content_of(months: Months, figures: MonthFigures) -> Content:
    """The fingerprints of a month's content, apart from the language it is told in."""
    problems = figures.problems.drop(columns=["column", "expected"])
    digest = months.graph.of("figures_digest", figures.month)
    plans = months.graph.of("plans", figures.month)
    deciding = [form.key for form in region_forms(months.ledger.forms)]
    decided = [months.graph.of("cases", figures.month, form).rows_by_case for form in deciding]
    told = [problems, figures.submissions, *(one for one in (plans, *decided) if len(one))]
    papers = in_digest(papers_of(months, figures.month).values())
    return Content(digest, digest_of([*([one] for one in told), *papers]))


def papers_of(months: Months, month: Month) -> Mapping[str, Mapping[str, pd.DataFrame]]:
    """The frames of a month's papers for headquarters alone, by the paper's name."""
    return {name: months.graph.of("paper_up_to", month, name) for name in papers_in_use(months.settings.profile)}


def with_content(edition: Edition, content: Content) -> Edition:
    """The same edition, with what is told about files as it is now."""
    return replace(edition, digest=content.digest, figures=content.figures)
