"""Complaints 投诉: cases with a limit, from receipt to close."""
