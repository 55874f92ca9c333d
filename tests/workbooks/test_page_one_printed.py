"""Page one on paper: one A4 page, however much there is to say. Skipped where LibreOffice is absent."""

import dataclasses
import shutil
import subprocess

import pytest
from report_builder import forecast_frame, region_report
from test_page_one_sheet import FINDING, PAGE

from pipeline.workbooks.region import plan_region
from pipeline.workbooks.write import sheet_of, write_workbook

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
TO_TEXT = shutil.which("pdftotext")
pytestmark = [
    pytest.mark.skipif(not (OFFICE and TO_TEXT), reason="LibreOffice and pdftotext are not installed"),
    pytest.mark.slow,
]
LONG = "锦程同比减21.92万元，占各品牌减少额的100.0%（对比月只占11.3%）；鹿鸣山增10.45万元，" * 2


def fullest():
    """Six findings of two lines each, and a message of two lines."""
    findings = tuple(dataclasses.replace(FINDING, what=f"{LONG}{place}") for place in range(6))
    return dataclasses.replace(
        PAGE,
        headline=f"吴永康等4人未报销售（占上月8.2%）；{LONG}",
        findings=findings,
        together=f"一升一降要一起看：{LONG}。",
    )


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """The printed pages of a region's workbook with little and with most on page one, and its plan."""
    folder = tmp_path_factory.mktemp("page_one")
    found = {}
    for name, page in (("little", dataclasses.replace(PAGE, findings=())), ("most", fullest())):
        report = region_report(
            page_one=page, axes={"amount.target": 400_000.0}, forecast=forecast_frame("region", "R01")
        )
        plan = plan_region(report)
        write_workbook(plan, folder / f"{name}.xlsx")
        found[name] = plan
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    files = [str(folder / f"{name}.xlsx") for name in found]
    command = [str(OFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {name: (plan, pages(folder / f"{name}.pdf")) for name, plan in found.items()}


def pages(pdf):
    command = [str(TO_TEXT), "-layout", str(pdf), "-"]
    return (
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        .stdout.decode("utf-8")
        .split("\f")[:-1]
    )


@pytest.mark.parametrize("name", ["little", "most"])
def test_page_one_is_one_page(printed, name):
    plan, texts = printed[name]
    joined = "".join(texts[0].split())
    assert sheet_of(plan, "overview").title in texts[0]
    assert (
        "不守法经营1户" in joined and "坐标各区域相同" in joined
    )  # from its last finding to the line under its charts
    assert plan.sheets[1].title in texts[1]  # the next sheet


def test_nothing_is_cut_and_every_finding_has_its_day(printed):
    texts = printed["most"][1]
    assert "##" not in texts[0]
    assert texts[0].count("7月19日前") == 6
