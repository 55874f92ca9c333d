"""How forecasts fared: kept as issued, judged against what came (domain.md section 6).

Three sources stand side by side: the model, the manager's own outlook (the form `outlook`), and the naive "same
month last year".
"""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.figure import LEVELS
from pipeline.contract.report import ORGANISATION_ID
from pipeline.figures.members import among
from pipeline.figures.parts import groups_in
from pipeline.forecast import compared_fairly, track_record
from pipeline.month.as_in import CAME, LAST_YEAR
from schemas.profile import SOLD

TRACK_COLUMNS = (
    "level", "entity_id", "measure", "source", "forecasts", "wape", "bias", "hit80", "hit95", "last_forecast",
    "last_actual", "backfilled", "last_low80", "last_high80", "last_low95", "last_high95", "last_moved",
)  # fmt: skip
ISSUED_COLUMNS = (
    "month", "level", "entity_id", "measure", "source", "forecast", "low80", "high80", "low95", "high95",
    "made_in", "edition", "backfilled",
)  # fmt: skip
JUDGED_LEVELS = LEVELS
NEARLY_ALL = 0.95  # of a manager's month: an outlook that names so much of it is one of the whole
_BOUNDS = ("low80", "high80", "low95", "high95")
_KEYS = ["level", "entity_id", "measure"]


def judged_levels(issued: pd.DataFrame) -> pd.DataFrame:
    """The forecasts that are judged; those of each customer are most of all, and are not."""
    return issued[issued["level"].isin(JUDGED_LEVELS)].reset_index(drop=True)


def judged_values(history: pd.DataFrame, figures: Sequence[str] = SOLD) -> pd.DataFrame:
    """Of a history (`figures.entities.history`) the values of the figures that are forecast."""
    return history[history["figure"].isin(list(figures))]


def issued_by_model(forecast: pd.DataFrame, made_in: Month, edition: int, *, backfilled: bool) -> pd.DataFrame:
    """The forecast of a month as it is kept: one row per entity and measure, in ISSUED_COLUMNS.

    `backfilled` marks forecasts of months that were over when the method was run.
    """
    kept = forecast.assign(source="model", made_in=str(made_in), edition=edition, backfilled=backfilled)
    return kept[list(ISSUED_COLUMNS)]


def whole_outlooks(outlooks: pd.DataFrame, sold: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """The outlooks of those managers who named what made nearly all of their month: a part is no forecast of the whole.

    Args:
        outlooks: rows of the form `outlook`, each of a group of products or of a product.
        sold: the month's volume by manager_id and groups of products, the widest first.
        products: master data of the month.
    """
    group = next(iter(groups_in(sold)), "")
    if outlooks.empty or group not in outlooks or group not in products:
        return outlooks
    group_of = products.drop_duplicates("product_id").set_index("product_id")[group]
    named = outlooks[group]
    if "product_id" in outlooks:
        named = named.fillna(outlooks["product_id"].map(group_of))
    given = pd.MultiIndex.from_arrays([outlooks["manager_id"].astype("str"), named.astype("str")])
    volumes = sold.groupby(["manager_id", group])["volume"].sum().clip(lower=0)
    told = volumes.where(volumes.index.isin(given), 0.0).groupby(level=0).sum()
    whole = volumes.groupby(level=0).sum()
    partial = whole.index[told < NEARLY_ALL * whole]
    return outlooks[~among(outlooks["manager_id"], partial)]


def issued_by_managers(
    made_in: Month, outlooks: pd.DataFrame, region_of: pd.Series, measure: str = SOLD[0]
) -> pd.DataFrame:
    """The managers' own volumes for the month after, summed for regions and the organisation.

    `outlooks` are the rows of the form `outlook`, `measure` what they expect.

    A region has an outlook only where every one of its managers gave one, and so has the organisation: a sum
    of some would be judged against the actual of all.
    """
    if outlooks.empty:
        return pd.DataFrame(columns=list(ISSUED_COLUMNS))
    by_manager = outlooks.groupby("manager_id")["volume"].sum().astype("float64")
    given = by_manager.reindex(region_of.index)
    by_region = given.groupby(region_of).sum(min_count=1)[given.isna().groupby(region_of).sum() == 0]
    whole = pd.Series({ORGANISATION_ID: given.sum()}) if given.notna().all() else pd.Series(dtype="float64")
    frames = [
        pd.DataFrame({"level": level, "entity_id": values.index.astype("str"), "forecast": values.to_numpy()})
        for level, values in (("organisation", whole), ("region", by_region), ("manager", by_manager))
    ]
    outlook = pd.concat(frames, ignore_index=True).assign(
        month=str(made_in + 1), measure=measure, source="outlook", made_in=str(made_in), backfilled=False
    )
    return outlook.reindex(columns=list(ISSUED_COLUMNS))


def track_of(
    month: Month,
    issued: Iterable[pd.DataFrame],
    came: pd.DataFrame,
) -> pd.DataFrame:
    """The track record up to a month, in TRACK_COLUMNS.

    Args:
        month: the last month whose actual is known.
        issued: forecasts as kept, of any months.
        came: what months brought, and their same months of the year before, told of the customers and managers that
            the forecast was of (`as_in.CAME_COLUMNS`).

    Returns:
        One row per level, entity, measure and source: WAPE, bias and hit rates over the last twelve months
        (in %), how many forecasts they rest on, and last month's forecast beside the actual; `last_moved` says that
        customers or managers moved since it was made.
    """
    actual, before = actuals(came), actuals(came, LAST_YEAR)
    kept = [judged_levels(frame) for frame in issued if len(frame)]
    if not kept or actual.empty:
        return pd.DataFrame(columns=list(TRACK_COLUMNS))
    model = pd.concat(kept, ignore_index=True)
    model = model.assign(series_id=series_of(model), month=pd.to_datetime(model["month"]))
    naive = before.rename(columns={"value": "forecast"}).assign(source=LAST_YEAR)
    naive = naive[naive["series_id"].isin(model["series_id"])].drop(columns="moved")
    told = _compared(pd.concat([model, naive], ignore_index=True), actual, month)
    record = track_record(told, actual, month.first_day)
    if record.empty:
        return pd.DataFrame(columns=list(TRACK_COLUMNS))
    return _with_last(record, told, came, month)


def _compared(told: pd.DataFrame, actual: pd.DataFrame, month: Month) -> pd.DataFrame:
    """What is judged, over the same months; and what was told of the last month where it is not known what came."""
    places = pd.MultiIndex.from_frame(told[["series_id", "month"]])
    came = places.isin(pd.MultiIndex.from_frame(actual[["series_id", "month"]]))
    unknown = told[~came & (told["month"] == pd.Timestamp(month.first_day))]
    return pd.concat([compared_fairly(told[came]), unknown], ignore_index=True)


def series_of(frame: pd.DataFrame) -> pd.Series:
    """The series_id of each row: level, entity and measure."""
    return frame["level"] + ":" + frame["entity_id"] + ":" + frame["measure"]


def actuals(came: pd.DataFrame, source: str = CAME) -> pd.DataFrame:
    """What is known to have come by month and entity: series_id, month, value, moved; or what the year before did."""
    return _brought(came, source).dropna(subset=["value"])


def _brought(came: pd.DataFrame, source: str) -> pd.DataFrame:
    frame = came[came["source"] == source].rename(columns={"figure": "measure"})
    told = frame.assign(series_id=series_of(frame), month=pd.to_datetime(frame["month"]))
    return told[["series_id", "month", "value", "moved"]]


def _with_last(record: pd.DataFrame, told: pd.DataFrame, came: pd.DataFrame, month: Month) -> pd.DataFrame:
    day = pd.Timestamp(month.first_day)
    last = told[told["month"] == day].set_index(["series_id", "source"])
    of_month = _brought(came, CAME)
    brought = of_month[of_month["month"] == day].set_index("series_id")
    keys = pd.MultiIndex.from_frame(record[["entity_id", "source"]])
    parts = record["entity_id"].str.split(":", expand=True)
    filled = told.assign(backfilled=told["backfilled"].fillna(False).astype(bool))
    any_backfilled = filled.groupby(["series_id", "source"])["backfilled"].any()
    bounds = {f"last_{name}": last[name].reindex(keys).to_numpy() for name in _BOUNDS if name in last}
    percent: Mapping[str, pd.Series] = {name: record[name] * 100 for name in ("wape", "bias", "hit80", "hit95")}
    framed = record.assign(
        **percent,
        **bounds,
        level=parts[0],
        measure=parts[2],
        last_forecast=last["forecast"].reindex(keys).to_numpy(),
        last_actual=record["entity_id"].map(brought["value"]),
        last_moved=record["entity_id"].map(brought["moved"]).astype("boolean"),
        backfilled=any_backfilled.reindex(keys).to_numpy(),
    ).assign(entity_id=parts[1])
    return framed.sort_values([*_KEYS, "source"], ignore_index=True).reindex(columns=list(TRACK_COLUMNS)).round(6)
