"""How much a manager types whose template comes filled in: counted over the demo, trade by trade."""

from collections.abc import Mapping
from functools import cache

import pytest
from demo_packs import demo_ledger, pack_of, settings
from pack_hand import Hand

from pipeline.contract import form_layout as layout
from pipeline.templates.blank import forms_of

MOST_A_MONTH = 450  # cells that a manager of the demo types; without its pack some 3,300
TRADES = ("tobacco", "cable", "agency")
pytestmark = pytest.mark.slow  # demos of three trades


@cache
def typed_by_manager(trade: str, *exports: str) -> Mapping[str, Mapping[str, int]]:
    """The cells that each manager types in the demo's last month, by form."""
    ledger = demo_ledger(trade)
    typed = {}
    truth = ledger.truth
    for manager in truth["visits"]["manager_id"].unique():
        hand = Hand(pack_of(ledger, settings(trade, exports), manager), ledger.profile)
        own = {
            form: rows[rows["manager_id"] == manager].drop(columns="manager_id") for form, rows in truth.items()
        }
        hand.fill(own)
        typed[str(manager)] = hand.typed
    return typed


@cache
def cells_of_plain_forms(trade: str) -> float:
    """The cells that stand in plain forms, on average of a manager."""
    truth = demo_ledger(trade).truth
    cells = sum(int(rows.drop(columns="manager_id").notna().to_numpy().sum()) for rows in truth.values())
    return cells / truth["visits"]["manager_id"].nunique()


def test_a_manager_of_the_demo_types_a_seventh_of_what_plain_forms_ask_for():
    by_manager = typed_by_manager("tobacco", "sales")
    totals = {manager: sum(forms.values()) for manager, forms in by_manager.items()}
    assert len(totals) == 9
    assert cells_of_plain_forms("tobacco") > 3300
    assert max(totals.values()) <= MOST_A_MONTH, totals
    assert all("sales" not in forms for forms in by_manager.values())


@pytest.mark.parametrize(
    ("trade", "share"), [("cable", 0.65), ("agency", 0.76)]
)  # of trades whose plan of visits is nobody's, and which have many new cases
def test_packs_of_other_trades_save_what_can_be_saved(trade, share):
    by_manager = typed_by_manager(trade)
    mean = sum(sum(forms.values()) for forms in by_manager.values()) / len(by_manager)
    assert mean < share * cells_of_plain_forms(trade)


@pytest.mark.parametrize("trade", TRADES)
def test_a_pack_has_the_forms_of_its_trade_and_no_others(trade):
    ledger = demo_ledger(trade)
    book = pack_of(ledger, settings(trade), "M001")
    own = [layout.sheet_name(form, "zh") for form in forms_of("monthly", ledger.profile)]
    assert book.sheetnames[:-1] == ["封面", *own]
    written = " ".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    )
    foreign = {
        "tobacco": ("户数", "集团客户", "初稿"),
        "cable": ("卷烟", "条)", "价签"),
        "agency": ("卷烟", "条)", "价签", "户数"),
    }
    assert [word for word in foreign[trade] if word in written] == []


def test_what_the_offices_export_brings_is_left_out_and_the_cover_says_so():
    ledger = demo_ledger("tobacco")
    book = pack_of(ledger, settings("tobacco", ("sales",)), "M001")
    assert "销售" not in book.sheetnames
    cover = [str(cell.value) for row in book["封面"].iter_rows() for cell in row if cell.value]
    assert "11. 销售由公司系统导出，不用您填，所以没有这张表。" in cover
    assert "销售" not in cover


def test_without_such_an_export_sales_are_asked_for():
    ledger = demo_ledger("tobacco")
    book = pack_of(ledger, settings("tobacco"), "M001")
    assert "销售" in book.sheetnames
    assert not any("公司系统导出" in str(cell.value) for row in book["封面"].iter_rows() for cell in row)
