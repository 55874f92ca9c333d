"""A finding's second line names each of its parts once."""

import pytest

from pipeline.workbooks.blocks import Evidence, EvidenceList
from pipeline.workbooks.layout import evidence_text

LABELS = ("依据：", "原因：", "对策：")


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        ("主要原因：品1断货，订货未满足580条。", "主要原因：品1断货，订货未满足580条。"),
        ("原因：品1断货。", "原因：品1断货。"),
        ("仓储受潮。", "原因：仓储受潮。"),
        ("丙说：没有原因：仓储受潮。", "原因：丙说：没有原因：仓储受潮。"),
    ],
)
def test_a_cause_that_begins_with_its_own_label_is_not_labelled_twice(cause: str, told: str) -> None:
    finding = Evidence("高", "销售额下降", evidence="少5,000元", cause=cause, advice="补货")
    block = EvidenceList("问题", (finding,), LABELS)
    assert evidence_text(block, finding) == f"依据：少5,000元  {told}  对策：补货"


def test_without_labels_the_texts_stand_as_they_are() -> None:
    finding = Evidence("高", "销售额下降", cause="主要原因：品1断货。")
    assert evidence_text(EvidenceList("问题", (finding,), ("", "", "")), finding) == "主要原因：品1断货。"
