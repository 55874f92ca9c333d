"""Master data: stations 供电所、营业所. One row is a station."""

import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import column
from schemas.form import form
from schemas.synonyms import REGION_CODES


@form(
    "stations",
    "供电所",
    "Stations",
    kind="master",
    place=2,
    same=("station_id",),
    help_zh="每行一个供电所（营业所）；参加试点的填试点起始月。",
    help_en="One row a station; one that takes part in a pilot has the month from which it does.",
)
class Stations(pa.DataFrameModel):
    """One row per station of a region."""

    station_id: Series[str] = column(
        "id",
        "供电所编码",
        "Station code",
        example="S01",
        also="供电所编码、供电所编号、营业所编码、站所编码、station code、station id",
    )
    region_id: Series[str] = column(
        "id", "区域编码", "Region code", refers_to="regions", example="R01", also=REGION_CODES
    )
    name: Series[str] = column(
        "text",
        "供电所名称",
        "Station name",
        width=18,
        example="平山供电所",
        example_en="Pingshan",
        also="供电所名称、供电所、营业所名称、营业所、station name、station",
    )
    pilot_from: Series[str] = column(
        "month",
        "试点起始月",
        "Pilot from",
        required=False,
        help_zh="从哪个月起试点；没有试点的留空",
        help_en="the month from which it is a pilot; empty where it is none",
        also="试点起始月、试点开始月份、试点起始、pilot from",
    )
