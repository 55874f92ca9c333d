"""How frames behind figures are shown: lists column by column, sums with what stands beside each measure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ListFrame:
    """How a frame is shown: its columns; which values of a column are shown, in this order, or by which column the
    rows stand, so that a list that is cut shows what matters most; which texts are long; what forms and
    columns it needs, without which a trade has no such list. `form` is the one whose words its columns and codes take;
    `styles` says by column how values are shown, where that is not the common way; `row_key` is the column that tells
    rows apart, by which findings lead to one. `of_forecast` is the form of which the trade must forecast, as the list
    is made of what is forecast by customer; a trade that says nothing of that forecasts what it sells."""

    columns: tuple[str, ...]
    only: tuple[str, tuple[str, ...]] | None = None
    by: str = ""
    long: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    form: str = ""
    styles: tuple[tuple[str, str], ...] = ()
    row_key: str = "customer_id"
    of_forecast: str = ""


@dataclass(frozen=True)
class Measure:
    """A measure of a frame of sums: whether it is money, shown in its large unit; else the figure in whose unit it is
    shown, and named in its heading; and what is shown beside it.

    `differences` shows by how much it rose or fell, in yuan: the sentences name those amounts.
    """

    name: str
    is_money: bool = False
    figure: str = ""
    share: bool = False
    changes: bool = True
    differences: bool = False
    better: str = "neither"


@dataclass(frozen=True)
class SumFrame:
    """How a frame of sums is shown: the form from which its keys take their words, its keys and measures.

    `row_key` is the column that tells rows apart, where it is not the first. A trade without what it `needs`, forms and
    columns, has no such frame.
    """

    form: str
    keys: tuple[str, ...]
    measures: tuple[Measure, ...]
    row_key: str = ""
    needs: tuple[str, ...] = ()
