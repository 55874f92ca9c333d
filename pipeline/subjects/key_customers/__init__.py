"""Key customers 重点客户: attracted, retained and developed, from one month's end to the next."""
