"""Contracts 合同: what was signed in the month."""
