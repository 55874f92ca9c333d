"""Receipts 回款: what came in for contracts, and what is outstanding."""
