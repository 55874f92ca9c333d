"""Reading a ledger: the rows, master data and cases of a month, from Parquet files made by hand."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.month_rows import SENDER_COLUMNS, SOURCE_COLUMNS
from pipeline.contract.no_rows import form_without_rows
from pipeline.ledger import read as reading
from pipeline.ledger.manifest import Manifest, MasterPart, Receipt, Submission
from pipeline.ledger.read import KEPT_MONTHS, Ledger
from pipeline.ledger.store import part_name, store_frame
from schemas.form import all_forms

FORMS = all_forms()
COMPLAINTS = all_forms()["complaints"]
MAY, JUNE, JULY = Month(2024, 5), Month(2024, 6), Month(2024, 7)


@dataclass
class Built:
    """A ledger put together by hand."""

    home: Path
    submissions: list[Submission] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)
    masters: list[MasterPart] = field(default_factory=list)

    def form(self, form: str, month: Month, region: str, *rows: dict[str, Any], state: str = "accepted") -> None:
        """Rows of a region's form of a month, all of one manager, M of that region's number."""
        manager, name = f"M{region[1:]}", part_name(form, str(month), region)
        more = {"manager_id": manager, "region_id": region, "source_file": "f.xlsx", "source_hash": "aa",
                "source_sheet": "表", "source_row": 5}  # fmt: skip
        types = form_without_rows(FORMS[form]).dtypes.to_dict()
        frame = pd.DataFrame([{**dict.fromkeys(types), **more, **row} for row in rows])
        if rows:
            self.parts[name] = store_frame(self.home, name, frame[list(types)].astype(types))
        self.submissions.append(Submission(str(month), manager, form, state, "aa", region, len(rows), 0, 0.0, 0.0))

    def master(self, form: str, month: Month, **columns: list[str]) -> None:
        stored = store_frame(self.home, f"masters/{form}/{month}", pd.DataFrame(columns))
        self.masters.append(MasterPart(form, str(month), "bb", 1, 0, stored))

    @property
    def ledger(self) -> Ledger:
        receipts = (Receipt("aa", "f.xlsx", 1, "2024-07-01T09:00:00", 1),)
        held = Manifest(1, receipts, tuple(self.submissions), tuple(self.masters), self.parts)
        return Ledger(self.home, held, FORMS)


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return Built(tmp_path)


def customers(rows: pd.DataFrame) -> list[str]:
    return sorted(rows["customer_id"])


def test_the_rows_of_a_month_are_those_of_all_regions_or_of_one(built: Built) -> None:
    built.form("sales", JUNE, "R02", {"customer_id": "C2"})
    built.form("sales", JUNE, "R01", {"customer_id": "C1"})
    built.form("sales", MAY, "R01", {"customer_id": "C0"})
    rows = built.ledger.rows(FORMS["sales"], JUNE)
    assert (rows["customer_id"].tolist(), rows.index.tolist()) == (["C1", "C2"], [0, 1])
    assert customers(built.ledger.rows(FORMS["sales"], JUNE, "R02")) == ["C2"]
    assert built.ledger.rows(FORMS["sales"], JUNE, "R03").empty
    assert customers(built.ledger.rows(FORMS["sales"], MAY)) == ["C0"]


def test_rows_come_with_where_they_stood_unless_that_is_not_wanted(built: Built) -> None:
    built.form("sales", JUNE, "R01", {"customer_id": "C1"})
    own = [*FORMS["sales"].dtypes, *SENDER_COLUMNS]
    for month in (JUNE, JULY):  # of July there are none
        rows = built.ledger.rows(FORMS["sales"], month)
        assert sorted(rows.columns) == sorted([*own, *SOURCE_COLUMNS])
        assert sorted(built.ledger.rows(FORMS["sales"], month, with_sources=False).columns) == sorted(own)
    assert str(built.ledger.rows(FORMS["sales"], JULY).dtypes["source_row"]) == "int64"


def test_a_month_tells_its_regions_and_of_each_its_forms(built: Built) -> None:
    built.form("visits", JUNE, "R02", {"customer_id": "C2"})
    built.form("sales", JUNE, "R02", {"customer_id": "C2"})
    built.form("sales", JUNE, "R01", {"customer_id": "C1"})
    built.form("sales", MAY, "R03", {"customer_id": "C3"})
    built.form("complaints", JUNE, "R04", state="nil")  # nothing is stored of it
    assert built.ledger.part_regions(JUNE) == ("R01", "R02")
    assert built.ledger.part_files(JUNE, "R02") == (
        ("sales", built.parts["sales/2024-06/R02"]),
        ("visits", built.parts["visits/2024-06/R02"]),
    )
    assert built.ledger.part_files(JUNE, "R03") == ()


def test_a_nil_return_was_handed_in_a_refused_form_and_one_that_waits_were_not(built: Built) -> None:
    built.form("sales", JUNE, "R01", {"customer_id": "C1"})
    built.form("visits", JUNE, "R01", state="nil")
    built.form("complaints", JUNE, "R01", state="refused")
    built.form("sales", MAY, "R02", {"customer_id": "C2"})
    assert built.ledger.sent(JUNE) == {("M01", "sales"), ("M01", "visits")}
    assert len(built.ledger.submissions(JUNE)) == 3
    assert (built.ledger.sent(JULY), built.ledger.submissions(JULY)) == (frozenset(), ())


def test_monthly_forms_are_those_that_managers_send(built: Built) -> None:
    assert {"sales", "visits", "complaints"} <= {form.key for form in built.ledger.monthly_forms}
    assert "customers" not in {form.key for form in built.ledger.monthly_forms}


# ── master data ──


def test_master_data_are_those_valid_in_the_month_and_before_the_first_the_first(built: Built) -> None:
    built.master("regions", MAY, region_id=["R1"], region_name=["一"])
    built.master("regions", JULY, region_id=["R1"], region_name=["二"])
    names = [built.ledger.masters(month)["regions"]["region_name"][0] for month in (Month(2024, 1), JUNE, JULY)]
    assert names == ["一", "一", "二"]


def test_master_data_that_nobody_sent_are_empty_in_all_or_some_columns(built: Built) -> None:
    masters = built.ledger.masters(JUNE)
    assert (masters["customers"].empty, "sales" in masters) == (True, False)
    assert list(masters["customers"].columns) == list(FORMS["customers"].dtypes)
    assert list(built.ledger.customers(JUNE, "customer_id", "grade").columns) == ["customer_id", "grade"]


def test_master_data_that_nobody_sent_have_the_columns_that_the_trade_uses_and_of_unused_forms_all(
    tmp_path: Path,
) -> None:
    grades = replace(FORMS["customers"], columns=FORMS["customers"].columns[:2])
    own = Ledger(tmp_path, Manifest(), {"customers": grades})
    assert list(own.master("customers", JUNE).columns) == ["customer_id", "customer_name"]
    assert list(own.master("products", JUNE).columns) == list(FORMS["products"].dtypes)
    assert own.master("no_such_form", JUNE).empty


def test_of_customers_only_the_columns_that_are_asked_for_are_read(built: Built) -> None:
    built.master("customers", MAY, customer_id=["C1"], customer_name=["店"], grade=["1"])
    assert built.ledger.customers(JUNE, "grade", "customer_id").to_dict("list") == {
        "grade": ["1"],
        "customer_id": ["C1"],
    }
    assert list(built.ledger.master("customers", JUNE).columns) == ["customer_id", "customer_name", "grade"]


def test_master_data_of_a_month_are_read_once_and_the_oldest_of_many_months_let_go(built: Built) -> None:
    built.master("regions", MAY, region_id=["R1"], region_name=["一"])
    ledger = built.ledger
    assert KEPT_MONTHS == 6  # the month itself, and those up to half a year back
    months = [Month(2024, 1) + number for number in range(KEPT_MONTHS + 1)]
    first = ledger.masters(months[0])
    held = [first, *(ledger.masters(month) for month in months[1:KEPT_MONTHS])]
    assert ledger.masters(months[0]) is first
    assert first["regions"] is first["regions"]
    ledger.masters(months[KEPT_MONTHS])
    assert [ledger.masters(month) is one for month, one in zip(months[1:KEPT_MONTHS], held[1:], strict=True)] == [
        True
    ] * (KEPT_MONTHS - 1)
    assert ledger.masters(months[0]) is not first


def test_master_data_in_batches_are_the_same_rows_without_the_columns_that_are_not_wanted(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    built.master("customers", MAY, customer_id=["C1", "C2", "C3"], grade=["1", "2", "3"])
    monkeypatch.setattr(reading, "BATCH_ROWS", 2)
    batches = list(built.ledger.master_batches("customers", JUNE, ("grade", "no_such")))
    assert [batch.to_dict("list") for batch in batches] == [{"customer_id": ["C1", "C2"]}, {"customer_id": ["C3"]}]
    (whole,) = built.ledger.master_batches("products", JUNE, ("brand", "no_such"))
    assert (len(whole), "brand" in whole, "product_id" in whole) == (0, False, True)


# ── frames that the manifest names ──


def test_of_a_stored_frame_all_rows_are_read_or_those_of_the_values_wanted(built: Built) -> None:
    frame = pd.DataFrame({"region": ["R1", "R2", "R3", "R1"], "level": ["a", "a", "a", "b"], "n": [1, 2, 3, 4]})
    stored = store_frame(built.home, "metrics", frame)
    assert built.ledger.read(stored)["n"].tolist() == [1, 2, 3, 4]
    assert built.ledger.read(stored, region=["R1", "R3"])["n"].tolist() == [1, 3, 4]
    assert built.ledger.read(stored, region=["R1", "R3"], level=["a"])["n"].tolist() == [1, 3]


def test_a_frame_that_was_stored_without_rows_has_none_of_any_value(built: Built) -> None:
    stored = store_frame(built.home, "metrics", pd.DataFrame({"region": pd.Series(dtype="object"), "n": []}))
    rows = built.ledger.read(stored, region=["R1"])
    assert (len(rows), list(rows.columns)) == (0, ["region", "n"])
    assert len(built.ledger.read(stored)) == 0


# ── cases ──


def case(number: str, received: str, resolved: str | None = None) -> dict[str, Any]:
    return {"complaint_no": number, "customer_id": "C1", "received_on": pd.Timestamp(received),
            "resolved_on": pd.Timestamp(resolved) if resolved else None}  # fmt: skip


def test_cases_are_as_they_stood_at_the_end_of_the_month_from_the_forms_up_to_it(built: Built) -> None:
    built.form("complaints", MAY, "R01", case("N1", "2024-05-20"))
    built.form("complaints", JUNE, "R01", case("N1", "2024-05-20", "2024-06-03"), case("N9", "2024-05-02"))
    built.form("sales", JULY, "R01", {"customer_id": "C1"})
    ledger = built.ledger
    assert ledger.cases(COMPLAINTS, MAY).rows_by_case["complaint_no"].tolist() == ["N1"]
    assert ledger.cases(COMPLAINTS, MAY).rows_by_case["resolved_on"].isna().all()
    june = ledger.cases(COMPLAINTS, JUNE)
    assert june.rows_by_case["resolved_on"].tolist() == [pd.Timestamp(2024, 6, 3)]
    assert [one.found for one in june.problems] == ["N9"]
    assert ledger.cases(COMPLAINTS, JULY).rows_by_case.empty


def test_cases_of_the_first_month_of_their_own_form_are_taken_on_trust_whatever_other_forms_came_before(
    built: Built,
) -> None:
    built.form("sales", Month(2024, 4), "R01", {"customer_id": "C1"})
    built.form("complaints", MAY, "R01", case("N1", "2024-03-20"))
    cases = built.ledger.cases(COMPLAINTS, MAY)
    assert (cases.rows_by_case["complaint_no"].tolist(), cases.problems) == (["N1"], ())


def test_without_cases_there_is_an_empty_frame_in_the_right_types_and_what_was_left_out_is_told(
    built: Built,
) -> None:
    assert list(built.ledger.cases(COMPLAINTS, JUNE).rows_by_case.columns) == list(
        form_without_rows(FORMS["complaints"]).columns
    )
    built.form("complaints", MAY, "R01", case("N1", "2024-05-20", "2024-05-21"))
    built.form("complaints", JUNE, "R01", case("N9", "2024-05-02"))
    cases = built.ledger.cases(COMPLAINTS, JUNE)
    assert (len(cases.rows_by_case), "received_on" in cases.rows_by_case) == (0, True)
    assert [one.rule for one in cases.problems] == ["unknown_case"]


def test_complaints_of_a_month_are_read_once(built: Built) -> None:
    built.form("complaints", MAY, "R01", case("N1", "2024-05-20"))
    ledger = built.ledger
    ledger.cases(COMPLAINTS, MAY)
    (built.home / "ledger" / built.parts["complaints/2024-05/R01"]).unlink()
    assert ledger.cases(COMPLAINTS, JUNE).rows_by_case["complaint_no"].tolist() == ["N1"]
