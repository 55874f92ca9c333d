"""An office that is without some of its trade's forms gets its workbooks all the same: what is said of them is left
out."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from small_home import SmallHome

pytestmark = pytest.mark.slow
FORMS = {
    "master_forms": ("regions", "managers", "customers", "products", "targets", "promotion_customers"),
    "monthly_forms": ("sales", "visits", "complaints", "satisfaction"),
    "other_forms": ("promotions", "leads", "training", "actions", "enrolments", "outlook", "decisions"),
}
WITHOUT = {
    "the list of products": ("products",),
    "complaints": ("complaints",),
    "all that is not owed each month": ("targets", "promotion_customers", *FORMS["other_forms"]),
}


def settings_without(forms: Sequence[str]) -> str:
    def kept(names: Sequence[str]) -> str:
        return ", ".join(f'"{one}"' for one in names if one not in forms)

    return "[profile]\n" + "".join(f"{key} = [{kept(names)}]\n" for key, names in FORMS.items())


@pytest.mark.parametrize("forms", WITHOUT.values(), ids=WITHOUT.keys())
def test_an_office_without_some_forms_gets_its_workbooks(tmp_path: Path, forms: Sequence[str]) -> None:
    home = SmallHome(tmp_path)
    home.masters()
    home.sends("M001", (3, "C001a", 10))
    (tmp_path / "yuebao.toml").write_text(settings_without(forms), encoding="utf-8")
    assert home.run().exit_code == 0
    output = tmp_path / "output" / "2024-06"
    written = [sorted((output / kind).glob("*.xlsx")) for kind in ("regions", "managers")]
    assert [len(one) for one in written] == [2, 3] and (output / "headquarters.xlsx").is_file()
    assert home.value("volume") == 10
