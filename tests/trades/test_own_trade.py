"""A trade of an office's own, made as docs/your-own-trade says: the page's example is followed word for word."""

import email
import email.policy
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from case_home import make_home, table_of
from click.testing import CliRunner
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month
from pipeline.cli import main
from pipeline.commands.monthly import Asked, run_monthly
from pipeline.contract.settings import load_settings

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"zh": DOCS / "your-own-trade.zh-CN.md", "en": DOCS / "your-own-trade.md"}
MAY, JUNE = Month(2024, 5), Month(2024, 6)
# What another trade says; none of it may stand in what this office hands on.
OTHER_TRADES = {
    "zh": re.compile(
        r"烟|品规|价类|零售|专卖|明码|陈列|价签|退网|入网|营销中心|广电|集团客户"
        r"|\d条|\d箱|[(（][条箱][)）]|<[a-zA-Z ]+>"
    ),
    "en": re.compile(r"carton|cigarette|tobacco|retail|price tag|display|cable|households|<[a-zA-Z ]+>", re.I),
}


def yuebao(*arguments: str) -> str:
    done = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def blocks_of(page: Path) -> list[str]:
    return re.findall(r"^```toml\n(.*?)^```", page.read_text(encoding="utf-8"), re.S | re.M)


def sections(text: str) -> list[tuple[str, str]]:
    """The tables of a file as they are written: each with its heading line; what stands before the first has none."""
    parts = re.split(r"^(\[[^\[\]\n]+\])[ \t]*$", text, flags=re.M)
    return [("", parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]


def with_blocks(trade: str, blocks: list[str]) -> str:
    """The file after somebody has put each table of the page in place of the one of the same name, or at the end."""
    written = dict(sections(trade))
    for heading, body in (one for block in blocks for one in sections(block)):
        if heading:
            written[heading] = body.rstrip("\n") + "\n\n"
        elif body.strip():
            written[""] = re.sub(r"^least_count = .*$", body.strip(), written[""], flags=re.M)
    return "".join(f"{heading}{body}" for heading, body in written.items())


@pytest.fixture(scope="module", params=["zh", "en"])
def language(request) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def home(language, tmp_path_factory) -> Path:
    """The office of the page, with two months of two representatives."""
    office = tmp_path_factory.mktemp("own") / "office"
    names = ("--zh", "医药商业", "--en", "Medical distributor")
    yuebao("trade", "new", "medical", *names, "--home", str(office), "--lang", language)
    file = office / "trade.toml"
    file.write_text(with_blocks(file.read_text(encoding="utf-8"), blocks_of(PAGES[language])), encoding="utf-8")
    settings = make_home(office, f'language = "{language}"\n', tables(), MAY)
    with without_workbooks(but=[JUNE]):
        run_monthly(office, settings, Asked(workers=1))
    return office


def tables() -> dict[str, pd.DataFrame]:
    """R1: M1 with ten hospitals, M2 with ten. Each hospital buys 100 boxes at 20 yuan in May, 110 in June; M1 takes 44
    boxes back in June, M2 none; visits: M1 all ten each month, M2 eight; one answer of eights a customer of M1."""
    customers = [f"{manager}-{number:02d}" for manager in ("M1", "M2") for number in range(10)]

    def rows(head: str, lines: list[str]) -> pd.DataFrame:
        return table_of(StringIO("\n".join([head, *lines])))

    months = {"2024-05": 100, "2024-06": 110}
    return {
        "regions": rows("region_id,region_name,email", ["R1,东区,east@example.org"]),
        "managers": rows("manager_id,manager_name,region_id,role", ["M1,李明,R1,field", "M2,王芳,R1,senior"]),
        "customers": rows(
            "customer_id,customer_name,manager_id,grade,channel,status,joined_on",
            [f"{one},第{one}医院,{one[:2]},a,public,active,2020-01-01" for one in customers],
        ),
        "products": rows(
            "product_id,product_name,brand,category,wholesale_price", ["P1,阿莫西林,康泰,prescription,20"]
        ),
        "sales": rows(
            "manager_id,month,order_date,customer_id,product_id,ordered_qty,sold_qty,amount",
            [
                f"{one[:2]},{month},{month}-10,{one},P1,{qty},{qty},{qty * 20}"
                for month, qty in months.items()
                for one in customers
            ],
        ),
        "visits": rows(
            "manager_id,month,visit_date,customer_id,visit_kind,arrived_at,left_at,informed,order_advice,"
            "customer_signed",
            [
                f"{one[:2]},{month},{month}-12,{one},planned,,,是,补货,是"
                for month in months
                for one in customers
                if one not in ("M2-08", "M2-09")
            ],
        ),
        "complaints": rows(
            "manager_id,month,complaint_no,received_on,customer_id,category,product_id,quantity,description,resolved_on",
            ["M1,2024-06,T1,2024-06-11,M1-00,return,P1,44,近效期,2024-06-13"],
        ),
        "satisfaction": rows(
            "manager_id,month,surveyed_on,customer_id,method,supply,manager_service,delivery,complaint_handling",
            [f"M1,2024-06,2024-06-20,M1-{number:02d},phone,8,8,8,8" for number in range(10)],
        ),
    }


def value(home: Path, figure: str, entity: str, level: str = "manager") -> float:
    rows = pd.read_csv(home / "output" / "2024-06" / "data" / "metrics.csv", encoding="utf-8-sig")
    chosen = rows[(rows["figure"] == figure) & (rows["entity_id"] == entity) & (rows["level"] == level)]
    return float(chosen["value"].iloc[0])


@pytest.mark.slow
def test_figures_of_the_pages_example_are_right(home) -> None:
    """M1 sold 1,100 boxes and took 44 back: 4 %. Both sold 2,200 boxes or 11 cases for 44,000 yuan: 4,000 a case."""
    assert value(home, "returned_qty", "M1") == 44
    assert value(home, "return_rate", "M1") == 4
    assert value(home, "return_rate", "R1", "region") == 2
    assert value(home, "amount_per_case", "R1", "region") == 4000
    assert value(home, "coverage", "M2") == 80
    assert value(home, "satisfaction", "M1") == 80
    scores = pd.read_csv(home / "output" / "2024-06" / "data" / "scorecard.csv", encoding="utf-8-sig")
    assert "return_rate" in set(scores["figure"])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_everything_speaks_the_offices_words_and_no_other_trades(home, language) -> None:
    said = [*texts(home)]
    strange = [(where, text[:90]) for where, text in said if OTHER_TRADES[language].search(text)]
    assert strange == []
    together = "\n".join(text for _, text in said)
    own = (
        ("药品", "厂牌", "退货率", "退货与投诉单", "盒")
        if language == "zh"
        else ("Drug", "maker", "Return rate", "boxes")
    )
    assert [word for word in own if word not in together] == []


def texts(home: Path) -> Iterator[tuple[str, str]]:
    """Every text of every workbook, letter and table of June, and of the blank templates, with where it stands."""
    blank = home / "blank"
    yuebao("templates", "--home", str(home), "--to", str(blank))
    for path in sorted([*(home / "output" / "2024-06").rglob("*.xlsx"), *_of(blank, home)]):
        for sheet in openpyxl.load_workbook(path):
            yield path.name, sheet.title
            for row in sheet.iter_rows():
                for cell in row:
                    yield from (
                        (f"{path.name} {sheet.title}", str(one)) for one in (cell.value, _note(cell)) if one
                    )
    for path in (home / "output" / "2024-06").rglob("*.eml"):
        letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        yield path.name, f"{letter['subject']} {letter.get_body(('plain',)).get_content()}"  # type: ignore[union-attr]


def _of(blank: Path, home: Path) -> list[Path]:
    folder = "zh" if load_settings(home).language == "zh" else "en"
    return [*(blank / folder).glob("*.xlsx")]


def _note(cell: object) -> str:
    note = getattr(cell, "comment", None)
    return "" if note is None else str(note.text)
