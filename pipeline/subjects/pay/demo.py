"""Made-up pay terms of everybody, what credit managers had deferred before the first month, and one claw-back: a loan
of the first of them goes bad in the last month but one."""

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import in_language, stream
from pipeline.demo.people import Organisation
from pipeline.demo.sample import Sample
from pipeline.subjects.holdings.demo import posts
from schemas.dated import at
from schemas.profile import Profile

BASE = (2_600, 4_200, 50)  # from, to, rounded to: yuan a month
OPENING = (4_000, 16_000, 100)
CLAWED_BACK = 1_200.0
REASON = ("贷款形成不良", "A loan went bad")


def masters_of(sample: Sample, month: Month) -> dict[str, pd.DataFrame]:
    """The month's pay terms and claw-backs."""
    organisation, profile = sample.organisation, sample.profile
    frames = {
        "pay_terms": _terms(organisation, profile, month),
        "claw_backs": _claw_backs(organisation, profile, month),
    }
    types = {key: profile.forms[key].dtypes for key in frames if key in profile.forms}
    return {key: frames[key].reindex(columns=list(own)).astype(own) for key, own in types.items()}


def _terms(organisation: Organisation, profile: Profile, month: Month) -> pd.DataFrame:
    chance = stream(organisation.seed, "pay")
    managers = organisation.managers["manager_id"]
    count, grades = len(managers), [one.key for one in profile.lists.get("pay_grades", ())]
    base = _round(chance.integers(BASE[0], BASE[1], count), BASE[2])
    grade = [grades[one] for one in chance.integers(0, len(grades), count)]
    opening = _round(chance.integers(OPENING[0], OPENING[1], count), OPENING[2])
    months = pd.Series(chance.integers(10, 30, count))
    deferred = managers.isin(_deferring(organisation, profile, month)).reset_index(drop=True)
    return pd.DataFrame(
        {
            "manager_id": managers.to_numpy(), "base": base.astype("float64"), "pay_grade": grade,
            "deferred_opening": opening.astype("float64").where(deferred),
            "deferred_months": months.astype("Int64").where(deferred),
        }
    )  # fmt: skip


def _claw_backs(organisation: Organisation, profile: Profile, month: Month) -> pd.DataFrame:
    """What the office has told by a month."""
    when = organisation.months[-2:][0]
    whose = _deferring(organisation, profile, when)[:1] if month >= when else []
    number = f"KH{str(when)[2:].replace('-', '')}-01"
    reason = in_language(REASON, organisation.language)
    return pd.DataFrame(
        [
            {
                "claw_back_no": number,
                "month": str(when),
                "manager_id": one,
                "amount": CLAWED_BACK,
                "reason": reason,
            }
            for one in whose
        ],
        columns=["claw_back_no", "month", "manager_id", "amount", "reason"],
    )


def _deferring(organisation: Organisation, profile: Profile, month: Month) -> list[str]:
    """The managers of whose pay some is deferred."""
    roles = {key for key, one in profile.pay.roles.items() if at(one.deferred_share, str(month)) > 0}
    held = posts(organisation)
    return sorted(held.loc[held["role"].isin(roles), "manager_id"].unique())


def _round(numbers: object, to: int) -> pd.Series:
    return pd.Series(numbers) // to * to
