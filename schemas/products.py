"""Master data: products 品规. One row is a product."""

import pandera.pandas as pa
from pandas import BooleanDtype
from pandera.typing.pandas import Series

from schemas.columns import column
from schemas.form import form
from schemas.synonyms import PRODUCT_CODES, PRODUCT_NAMES


@form(
    "products",
    "<product>",
    "Products",
    kind="master",
    place=4,
    same=("product_id",),
    help_zh="每行一个<product>；价格为元/<unit>。",
    help_en="One row a <product>; prices are yuan a <unit>.",
)
class Products(pa.DataFrameModel):
    """One row per product."""

    product_id: Series[str] = column(
        "id", "<product>编码", "<Product> code", width=14, example="P001", also=PRODUCT_CODES
    )
    product_name: Series[str] = column(
        "text",
        "<product>名称",
        "Product name",
        width=22,
        example="利群（新版）",
        example_en="Liqun (new)",
        also=PRODUCT_NAMES,
    )
    brand: Series[str] = column(
        "text",
        "<brand>",
        "Brand",
        required=False,
        example="利群",
        example_en="Liqun",
        also="品牌、牌号、子类别、小类、brand、subcategory、sub category、make",
    )
    category: Series[str] = column(
        "choice",
        "<category>",
        "Category",
        required=False,
        list_name="categories",
        example="三类",
        example_en="Class 3",
        also=(
            "价类、类别、类型、大类、品类、商品类别、产品类别、分类、category、class、product category、"
            "english product category name"
        ),
    )
    wholesale_price: Series[float] = column(
        "money",
        "批发价",
        "Wholesale price",
        required=False,
        unit="元/<unit>",
        unit_en="yuan/<unit>",
        least=0,
        decimals=2,
        example="120.00",
        also="批发价、单价、出厂价、供货价、进价、wholesale price、unit price、price、cost price",
    )
    retail_price: Series[float] = column(
        "money",
        "统一零售指导价",
        "Guide retail price",
        required=False,
        unit="元/<unit>",
        unit_en="yuan/<unit>",
        least=0,
        decimals=2,
        width=16,
        example="140.00",
        also="统一零售指导价、零售价、建议零售价、指导价、retail price、list price、rrp",
    )
    is_key: Series[BooleanDtype] = column(
        "flag",
        "重点<brand>",
        "Key <brand>",
        required=False,
        example="是",
        example_en="Yes",
        also="重点品牌、是否重点、重点品规、key product、focus",
    )
    aum: Series[BooleanDtype] = column(
        "flag",
        "计入AUM",
        "In AUM",
        required=False,
        if_named=True,
        example="是",
        example_en="Yes",
        also="计入AUM、AUM、是否计入AUM、in aum",
    )
    wealth: Series[BooleanDtype] = column(
        "flag",
        "理财类",
        "Wealth product",
        required=False,
        if_named=True,
        example="否",
        example_en="No",
        also="理财类、是否理财、财富产品、wealth",
    )
    pay_per_unit: Series[float] = column(
        "money",
        "计价标准",
        "Pay per unit",
        required=False,
        if_named=True,
        unit="元/<unit>",
        unit_en="yuan/<unit>",
        least=0,
        decimals=2,
        example="30.00",
        help_zh="每销售一个单位计发的报酬",
        help_en="what a manager is paid for each unit sold",
        also="计价标准、产品计价、单位计价、pay per unit",
    )
