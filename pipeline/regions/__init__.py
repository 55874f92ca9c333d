"""Whose rows are whose: what of the ledger each region sees."""
