"""Made-up courses of a month: one for everybody each quarter, and what each takes online; one manager takes few."""

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import in_language, stream
from pipeline.demo.people import as_form
from pipeline.demo.sample import Sample
from pipeline.demo.trade import Pair

TOGETHER: tuple[tuple[Pair, str], ...] = (
    (("客户沟通与挽留", "Talking with customers and keeping them"), "marketing"),
    (("新业务产品知识", "New products"), "product"),
    (("服务规范与制度", "Rules of service"), "rules"),
    (("企业文化", "The company's culture"), "culture"),
)
ONLINE: tuple[tuple[Pair, str], ...] = (
    (("网上营销课程", "Selling, online"), "marketing"),
    (("网上产品课程", "Products, online"), "product"),
    (("表格与数据分析", "Spreadsheets"), "other"),
)
CREDITS_TOGETHER, CREDITS_ONLINE = 4.0, 1.5
TAKES_ONLINE, TAKES_BY_THE_LAST, PASSES = 0.55, 0.1, 0.93
QUARTER = 3  # months


def rows_of(sample: Sample, month: Month) -> pd.DataFrame:
    """The rows of the form training."""
    organisation = sample.organisation
    chance = stream(organisation.seed, "training", month)
    managers = organisation.managers["manager_id"].to_numpy()
    likely = np.where(np.arange(len(managers)) == len(managers) - 1, TAKES_BY_THE_LAST, TAKES_ONLINE)
    online = managers[chance.random(len(managers)) < likely]
    everybody = managers if month.month % QUARTER == 0 else managers[:0]
    course = TOGETHER[(month.month // QUARTER - 1) % len(TOGETHER)]
    other = ONLINE[int(chance.integers(0, len(ONLINE)))]
    days = chance.integers(5, 26, 2)
    taken = pd.concat(
        [
            pd.DataFrame(
                {
                    "manager_id": who,
                    "held_on": pd.Timestamp(month.first_day) + pd.Timedelta(days=int(on)),
                    "course": in_language(what[0], organisation.language),
                    "subject": what[1],
                    "kind": kind,
                    "credits": credits,
                }
            )
            for who, what, kind, credits, on in (
                (everybody, course, "classroom", CREDITS_TOGETHER, days[0]),
                (online, other, "online", CREDITS_ONLINE, days[1]),
            )
        ],
        ignore_index=True,
    ).sort_values(["manager_id", "held_on"], ignore_index=True)
    taken["passed"] = pd.Series(chance.random(len(taken)) < PASSES, dtype="boolean")
    return as_form("training", taken).assign(manager_id=taken["manager_id"])
