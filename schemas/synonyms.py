"""What others call the columns that several forms have, in Chinese and English, the surest first, parted by 、.

A column that one form alone has says its own beside it (`Column.also`). Blanks, case, width, - and _ do not matter.
"""

CUSTOMER_CODES = (
    "客户编码、客户编号、客户代码、客户号、客户ID、许可证号、专卖许可证号、终端编码、网点编码、"
    "网点编号、门店编码、门店编号、店铺编号、会员编号、会员号、经销商编码、经销商编号、商户编号、"
    "用户编号、购货单位编码、往来单位编码、往来单位编号、customer code、customer id、customer no、"
    "customer number、customer key、cust id、cust no、client id、client code、account no、"
    "account number、account id、reseller key、reseller id、dealer code、dealer id、store id、"
    "store code、shop id、outlet code、outlet id"
)
CUSTOMER_NAMES = (
    "客户名称、客户名、客户、客户姓名、客户简称、客户全称、店名、门店名称、门店、店铺名称、网点名称、"
    "终端名称、商户名称、经销商名称、经销商、购货单位、购货单位名称、往来单位、往来单位名称、"
    "会员姓名、企业名称、单位名称、customer name、customer、customers、client name、client、"
    "account name、reseller name、reseller、dealer name、dealer、store name、shop name、outlet name"
)
MANAGER_CODES = (
    "客户经理编码、客户经理编号、客户经理工号、客户经理ID、业务员编码、业务员编号、业务员工号、"
    "业务员代码、销售员编码、销售员编号、销售员工号、销售人员编号、销售代表编号、员工编号、员工编码、"
    "员工工号、工号、职员编码、职员编号、manager code、manager id、employee key、employee id、"
    "employee no、employee number、salesperson id、salesperson code、sales rep id、rep id、rep code、"
    "staff id、staff no"
)
MANAGER_NAMES = (
    "客户经理、客户经理姓名、业务员、业务员姓名、销售员、销售人员、销售代表、业务代表、业务经理、"
    "销售经理、专管员、负责人、跟进人、经办人、职员、员工姓名、姓名、manager name、account manager、"
    "salesperson、salesman、sales rep、sales representative、rep、seller、sales manager、"
    "employee name、owner"
)
PRODUCT_CODES = (
    "品规编码、商品编码、商品编号、商品代码、产品编码、产品编号、产品代码、产品ID、商品ID、货号、"
    "货品编码、货品编号、物料编码、物料编号、物料代码、存货编码、存货编号、卷烟编码、规格编码、SKU、"
    "SKU编码、条码、商品条码、product code、product id、product key、product no、item code、item no、"
    "item number、item id、material、material code、material no、sku code、article no、barcode"
)
PRODUCT_NAMES = (
    "品规名称、商品名称、产品名称、品名、货品名称、物料名称、存货名称、卷烟名称、卷烟规格、品规、"
    "商品、产品、品种、货品、product name、product、products、item name、item、material description、"
    "article"
)
REGION_CODES = (
    "区域编码、区域编号、大区编码、地区编码、地区编号、片区编码、部门编码、region code、region id、"
    "region key、area code、territory key、territory id、sales territory key"
)
REGION_NAMES = (
    "区域名称、区域、大区、地区、销售区域、所属区域、片区、所属片区、分公司、所属分公司、区县、"
    "营销部、市场部、region name、region、area、territory、sales territory region、district、branch"
)
DAYS = (
    "日期、单据日期、业务日期、发生日期、记账日期、登记日期、时间、date、day、document date、"
    "posting date、transaction date"
)
NOTES = "备注、说明、注释、note、notes、remark、remarks、comment、comments、memo"
EMAILS = "邮箱、电子邮箱、电子邮件、邮件地址、email、e-mail address、mail"
STATES = "状态、客户状态、经营状态、当前状态、status、state、customer status"
