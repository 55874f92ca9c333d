"""Codes as people and systems leave them: the code that is meant, or a problem that names the nearest one."""

import random
import string

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.codes import Codes
from pipeline.intake.nearest import Nearest
from pipeline.intake.raw import Cell, UncalculatedFormula
from pipeline.intake.reading import Reading
from pipeline.intake.settle import settle_cells
from pipeline.intake.text_forms import is_nothing, plain
from pipeline.intake.values import code_shown, read_flag
from schemas.columns import Column
from schemas.lookup import Lookup

CUSTOMER = Column("customer_id", "客户编码", "Customer code", "id", refers_to="customers")
SHOPS = pd.DataFrame(
    {
        "customer_id": [
            "030101100001",
            "030101100002",
            "M001",
            "ab-7",
            "AB-8",
            "Ab-8",
            "7",
            "007x",
            "110101199003078516",
        ],
        "customer_name": ["文一路吉祥便利店", "站前街聚友小卖部", "郭永康", "甲", "乙", "丙", "丁", "戊", "己"],
        "manager_id": ["M001"] * 9,
    },
    dtype="str",
)
CODES = Codes(Lookup(SHOPS))


def meant(*cells: Cell, column: Column = CUSTOMER) -> list[tuple[object, str]]:
    """Each cell's code and how it was understood, or None and the rule that it broke."""
    values, faults = settle_cells(cells, column, codes=CODES)
    rules = {one.position: one.rule for one in faults}
    return [(None if pd.isna(one) else one, rules.get(i, "")) for i, one in enumerate(values)]


INVISIBLE = [
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2065),
    0xFEFF,
    0x00AD,
    0x061C,
    0x180E,
    0xFE0F,
]


@pytest.mark.parametrize("code", INVISIBLE, ids=hex)
def test_a_code_with_an_invisible_character_is_the_code_without_it(code: int):
    bad = chr(code)
    assert (
        meant(f"030101{bad}100001", f"{bad}030101100001", f"030101100001{bad}")
        == [("030101100001", "invisible_removed")] * 3
    )


@pytest.mark.parametrize("blank", ["\u00a0", "\u3000", "\u2003", "\u202f", "\t", "\n", " "], ids=ascii)
def test_blanks_of_every_kind_around_a_code_are_no_part_of_it(blank: str):
    assert meant(f"{blank}030101100001{blank}") == [("030101100001", "tidied")]
    assert meant(f"030101{blank}100001") == [("030101100001", "code_case")]


@pytest.mark.parametrize(
    "cell",
    ['="030101100001"', "'030101100001", "’030101100001", '"030101100001"', UncalculatedFormula('="030101100001"'),
     "'030101100001'"],
)  # fmt: skip
def test_guards_against_excel_are_no_part_of_a_code(cell: Cell):
    assert meant(cell) == [("030101100001", "id_guarded")]


def test_a_code_in_another_case_is_read_where_only_one_fits():
    assert meant("m001", "AB-7", "ab-8", "ＡＢ－7") == [
        ("M001", "code_case"), ("ab-7", "code_case"), ("ab-8", ""), ("ab-7", "code_case")
    ]  # fmt: skip


@pytest.mark.parametrize("cell", [30101100001.0, "30101100001", "30101100001.0"])
def test_a_lost_leading_zero_is_read_where_only_one_code_fits(cell: Cell):
    assert meant(cell) == [("030101100001", "zero_restored")]


def test_a_lost_leading_zero_is_not_read_where_two_codes_fit():
    two = Codes(
        Lookup(pd.DataFrame({"customer_id": ["0101", "00101"], "customer_name": ["甲", "乙"]}, dtype="str"))
    )
    assert two.meant(Reading("101")).value == "101"
    assert dict(Nearest(two).hint("101"))["cause"] in ("zeros", "missing")


def test_zeros_too_many_are_not_dropped():
    assert meant("0030101100001") == [("0030101100001", "")]


@pytest.mark.parametrize(
    "cell",
    ["[030101100001]文一路吉祥便利店", "030101100001 文一路吉祥便利店", "030101100001-文一路吉祥便利店",
     "【030101100001】",
     "文一路吉祥便利店（030101100001）", "030101100001文一路吉祥便利店", "[030101100001]"],
)  # fmt: skip
def test_a_code_with_its_name_in_one_cell_is_the_code(cell: str):
    assert meant(cell) == [("030101100001", "code_with_name")]


def test_a_code_with_another_ones_name_is_neither():
    assert (
        meant("[030101100001]站前街聚友小卖部")[0][0] == "[030101100001]站前街聚友小卖部"
    )  # for the rule to refuse


@pytest.mark.parametrize("cell", ["3.01011E+10", "1.1010119900308E+17", "3.01011e10"])
def test_a_code_that_became_a_rounded_number_is_a_problem(cell: str):
    assert meant(cell) == [(None, "id_scientific")]


def test_a_code_that_only_looks_like_a_rounded_number_is_that_code():
    odd = Codes(
        Lookup(pd.DataFrame({"customer_id": ["7E2", "1.5E+3"], "customer_name": ["甲", "乙"]}, dtype="str"))
    )
    values, faults = settle_cells(["7E2", "1.5E+3"], CUSTOMER, codes=odd)
    assert (list(values), faults) == (["7E2", "1.5E+3"], [])


def test_a_rounded_code_that_can_be_one_only_is_named():
    one = Codes(Lookup(pd.DataFrame({"customer_id": ["030101100001"], "customer_name": ["吉祥"]}, dtype="str")))
    values, faults = settle_cells(["3.01011E+10"], CUSTOMER, codes=one)
    assert pd.isna(values[0])
    assert dict(faults[0].details)["code"] == "030101100001"


def test_sixteen_and_more_digits_in_a_number_are_a_problem_and_never_rounded():
    assert meant(1.10101199003078516e17, 1e15) == [(None, "id_digits_lost")] * 2
    assert meant("110101199003078516") == [("110101199003078516", "")]
    assert code_shown(1.10101199003078516e17, "110101199003078520") == 1.10101199003078516e17
    assert code_shown(1.0, "0000000000000001") == "0000000000000001"
    assert code_shown(30101.0, "030101") == "030101"
    assert code_shown(30101.0, None) == 30101.0


def test_words_for_nothing_are_empty_where_a_cell_may_be():
    optional = Column("closing_stock", "期末库存", "Closing stock", "whole", required=False, unit="条")
    words: list[Cell] = [
        "/",
        "-",
        "—",
        "–",
        "——",
        "无",
        "N/A",
        "n/a",
        "NULL",
        "none",
        "空",
        "暂无",
        "／",
        " 无 ",
        "无\u200b",
    ]
    values, faults = settle_cells(words, optional)
    assert values.isna().all()
    assert {(one.rule, one.kept) for one in faults} == {("nothing_typed", True)}


def test_words_for_nothing_are_missing_where_a_cell_must_be_filled():
    column = Column("sold_qty", "销量", "Sold", "whole", unit="条")
    _, faults = settle_cells(["/", "无", "NULL"], column)
    assert {(one.rule, one.kept) for one in faults} == {("required", False)}
    assert meant("/", "无") == [(None, "required")] * 2


def test_words_for_nothing_stay_in_free_text():
    values, faults = settle_cells(["无", "/"], Column("note", "备注", "Note", "text", required=False))
    assert (list(values), faults) == (["无", "/"], [])


def test_nought_and_minus_nought_are_numbers_and_not_nothing():
    assert not is_nothing("0") and not is_nothing("00")


@pytest.mark.parametrize(
    ("cell", "flag"), [("☑️", True), ("✔️", True), ("√\u200b", True), ("V", True), ("对", True), ("错", False)]
)
def test_ticks_are_read_with_what_programs_put_around_them(cell: str, flag: bool):
    assert read_flag(cell).value is flag


@pytest.mark.parametrize("cell", ["有", "无", "1", "?", "☐"])
def test_signs_that_may_be_either_are_not_read(cell: str):
    assert read_flag(cell).value is None


# A made-up master of 2,000 customers: licence numbers of 12 digits, 40 managers with 50 customers each.
def _master(seed: int) -> pd.DataFrame:
    chance = random.Random(seed)
    streets = [
        "学院路",
        "文一路",
        "站前街",
        "人民路",
        "建设路",
        "平安里",
        "桂花巷",
        "中山路",
        "解放街",
        "新华路",
        "和平里",
        "光明巷",
    ]
    words = [
        "天天",
        "吉祥",
        "聚友",
        "阳光",
        "福源",
        "同心",
        "永发",
        "康宁",
        "鸿运",
        "兴隆",
        "好邻居",
        "老地方",
        "惠万家",
        "金叶",
    ]
    kinds = ["便民超市", "便利店", "小卖部", "食杂店", "烟酒店", "副食店"]
    names = [street + word + kind for street in streets for word in words for kind in kinds]
    chance.shuffle(names)
    rows = []
    for manager in range(40):
        county, serials = f"0{301 + manager % 4}{manager % 10:02d}", chance.sample(range(100_000, 999_999), 50)
        rows += [(f"{county}{serial}", f"M{manager:03d}") for serial in serials]
    frame = pd.DataFrame(rows, columns=["customer_id", "manager_id"], dtype="str").drop_duplicates("customer_id")
    frame.insert(1, "customer_name", (names * 3)[: len(frame)])
    return frame


def _slipped(chance: random.Random, code: str, name: str, known: set[str]) -> str:
    """A slip of one key, or the name instead of the code; never another customer's code."""
    while True:
        place, kind = (
            chance.randrange(len(code)),
            chance.choice(("other", "swap", "less", "more", "letter", "name")),
        )
        digit = chance.choice(string.digits)
        made = {
            "other": code[:place] + digit + code[place + 1 :],
            "swap": code[:place] + code[place : place + 2][::-1] + code[place + 2 :],
            "less": code[:place] + code[place + 1 :],
            "more": code[:place] + digit + code[place:],
            "letter": code.replace("0", "O", 1) if chance.random() < 0.5 else code.replace("1", "l", 1),
            "name": name,
        }[kind]
        if made != code and made not in known:
            return made


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_first_suggestion_is_right_for_nine_of_ten_planted_slips(seed: int):
    master = _master(seed)
    codes = Codes(Lookup(master))
    nearest, chance, known = Nearest(codes), random.Random(seed + 100), set(master["customer_id"])
    right = 0
    for _ in range(400):
        row = master.iloc[chance.randrange(len(master))]
        slip = _slipped(chance, row["customer_id"], row["customer_name"], known)
        read = codes.meant(Reading(slip)).value
        hint = dict(nearest.hint(slip, frozenset(codes.by_owner[row["manager_id"]])))
        right += row["customer_id"] in (read, hint.get("code"))
        assert read in (slip, row["customer_id"])  # never read as another customer
    assert right >= 360


@pytest.mark.parametrize("seed", [4, 5])
def test_among_numbers_that_run_on_the_first_suggestion_is_right_for_nine_of_ten(seed: int):
    chance = random.Random(seed)
    codes = [f"0301{manager:02d}{100_001 + number}" for manager in range(1, 41) for number in range(50)]
    owners = [f"M{manager:03d}" for manager in range(1, 41) for _ in range(50)]
    names = [f"客户{'甲乙丙丁戊己庚辛'[i % 8]}{i}号店" for i in range(len(codes))]
    master = pd.DataFrame({"customer_id": codes, "customer_name": names, "manager_id": owners}, dtype="str")
    found, right = Codes(Lookup(master)), 0
    nearest = Nearest(found)
    for _ in range(400):
        place = chance.randrange(len(codes))
        slip = _slipped(chance, codes[place], names[place], set(codes))
        hint = dict(nearest.hint(slip, frozenset(found.by_owner[owners[place]])))
        right += codes[place] in (found.meant(Reading(slip)).value, hint.get("code"))
    assert right >= 360


def test_a_suggestion_says_what_seems_wrong_and_names_the_customer():
    master = pd.DataFrame(
        {"customer_id": ["030101100042", "030101200043"], "customer_name": ["学院路天天便民超市", "乙店"]},
        dtype="str",
    )
    nearest = Nearest(Codes(Lookup(master)))
    for slip, cause in (("030101100024", "swapped"), ("03010110042", "missing"), ("0301011000422", "extra"),
                        ("030101100642", "one_off"), ("学院路天天便民超市", "name"), ("学院路天天超市", "name_like"),
                        ("O30101100042", "look_alike"), ("O3OlOllOOO42", "look_alike"),  # every nought and one a letter
                        ("0301-0110-0042", "inside"), ("*030101100042*", "inside"), ("030101100042;", "inside"),
                        ("(030101100042)别家店", "inside")):  # fmt: skip
        assert nearest.hint(slip) == (("cause", cause), ("code", "030101100042"), ("name", "学院路天天便民超市"))
    assert nearest.hint("999") == ()


def test_a_suggestion_sees_foreign_letters_and_zeros_lost_behind_the_letters_of_a_code():
    master = pd.DataFrame({"product_id": ["P006", "P060"], "product_name": ["青岚", "红岚"]}, dtype="str")
    nearest = Nearest(Codes(Lookup(master)))
    cyrillic = chr(0x420) + "006"
    assert nearest.hint(cyrillic) == (("cause", "look_alike"), ("code", "P006"), ("name", "青岚"))
    assert nearest.hint("P6") == (("cause", "zeros"), ("code", "P006"), ("name", "青岚"))


WRAPPED = (
    "{c}",
    " {c}",
    "{c}\u200b",
    "\ufeff{c}",
    "'{c}",
    "“{c}”",
    '="{c}"',
    "[{c}]",
    "[{c}]{n}",
    "{c} {n}",
    "{c}　",
    "{c}.0",
    "{c}x",
)


@given(st.integers(0, len(SHOPS) - 1), st.sampled_from(WRAPPED), st.booleans(), st.booleans())
def test_whatever_disguise_a_code_wears_it_is_that_code_or_no_code_at_all(place, wrapping, upper, zeros):
    code, name = SHOPS.at[place, "customer_id"], SHOPS.at[place, "customer_name"]
    typed = code.lstrip("0") if zeros else code
    text = wrapping.format(c=typed.upper() if upper else typed, n=name)
    value = meant(text)[0][0]
    if code not in ("AB-8", "Ab-8") and typed not in ("7x",):
        assert value == code or value not in set(SHOPS["customer_id"])


@given(st.text(max_size=30))
def test_plain_text_stays_plain(text: str):
    assert plain(plain(text)) == plain(text)
