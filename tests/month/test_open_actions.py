"""Unfinished actions come back next month with their age."""

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.month.open_actions import followed_actions, open_actions
from schemas.form import Carried

CARRIED = Carried(("topic", "problem"), "status", "done")


def actions(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["topic", "problem", "status"])
    plain = dict.fromkeys(("cause", "countermeasure", "owner", "due_on"))
    return frame.assign(manager_id="M1", region_id="R1", **plain)


def test_an_action_that_is_not_done_is_carried_with_the_month_it_began_in():
    april = (Month(2024, 4), actions(("供货", "缺货", "not_started"), ("价格", "低价", "doing")))
    may = (Month(2024, 5), actions(("供货", "缺货", "doing"), ("价格", "低价", "done")))
    carried = open_actions(Month(2024, 6), [april, may], CARRIED)
    assert carried[["topic", "since", "months_open", "status"]].values.tolist() == [
        ["供货", "2024-04", 2, "doing"]
    ]


def test_an_action_without_a_state_counts_as_not_started():
    carried = open_actions(Month(2024, 4), [(Month(2024, 4), actions(("供货", "缺货", None)))], CARRIED)
    assert carried["months_open"].tolist() == [0]


def test_months_to_come_do_not_count():
    assert open_actions(Month(2024, 3), [(Month(2024, 4), actions(("供货", "缺货", "doing")))], CARRIED).empty


def test_what_was_open_when_the_month_began_is_told_with_what_became_of_it():
    march = (Month(2024, 3), actions(("陈列", "脏乱", "done")))
    april = (Month(2024, 4), actions(("供货", "缺货", "not_started"), ("价格", "低价", "doing")))
    may = (Month(2024, 5), actions(("供货", "缺货", "done"), ("服务", "迟到", "doing")))
    followed = followed_actions(Month(2024, 5), [march, april, may], CARRIED)
    assert sorted(followed[["topic", "status", "reported"]].values.tolist()) == [
        ["价格", "doing", "2024-04"],  # not told of in May
        ["供货", "done", "2024-05"],
    ]
    assert set(followed["months_open"]) == {1}


def test_what_was_done_before_the_month_began_is_not_told_again():
    april = (Month(2024, 4), actions(("供货", "缺货", "done")))
    assert followed_actions(Month(2024, 5), [april], CARRIED).empty
