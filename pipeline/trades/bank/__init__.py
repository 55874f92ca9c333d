"""Bank 银行: what customers hold at the month's end; customers attracted, retained and developed."""
