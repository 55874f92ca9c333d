"""Product sales 产品销售: how much was sold of each product, and what it is paid by."""
