"""A form that the trade does not have in use is not read: its sheet is told as one that nobody reads."""

import io

from take_in_builder import JUNE, LI, sales_rows, take_file

from pipeline.contract.settings import settings_from
from pipeline.contract.trade import load_profile
from pipeline.templates.write import write_template
from pipeline.words import load_words

WITHOUT_SALES = settings_from(
    {"profile": {"monthly_forms": ["visits"], "other_forms": [], "scorecard": {"indicators": {}}}}
)


def test_a_sheet_of_a_form_that_is_not_in_use_is_told_and_its_rows_go_nowhere(tmp_path):
    forms = load_profile("tobacco").forms
    target = io.BytesIO()
    write_template(
        target,
        [forms["sales"], forms["visits"]],
        load_words("zh"),
        load_profile("tobacco"),
        month=JUNE,
        manager=LI,
        rows={"sales": sales_rows(3)},
        nil_forms=("visits",),
        spare_rows=0,
    )
    outcome = take_file(tmp_path, target.getvalue(), settings=WITHOUT_SALES)
    assert [part.form for part in outcome.taken.parts] == ["visits"]
    unread = [one for one in outcome.taken.accounts if one.sheet == "销售"]
    assert [one.form for one in unread] == [""]
    assert any(one.sheet == "销售" for one in outcome.told)


def test_the_same_sheet_is_read_where_the_trade_has_the_form(tmp_path):
    target = io.BytesIO()
    forms = load_profile("tobacco").forms
    write_template(
        target,
        [forms["sales"]],
        load_words("zh"),
        load_profile("tobacco"),
        month=JUNE,
        manager=LI,
        rows={"sales": sales_rows(3)},
        spare_rows=0,
    )
    outcome = take_file(tmp_path, target.getvalue())
    assert [(part.form, part.rows) for part in outcome.taken.parts] == [("sales", 3)]
