"""Holdings 客户持有: what each customer holds of each product at the month's end, and what it brings in."""
