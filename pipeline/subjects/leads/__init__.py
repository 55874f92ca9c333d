"""Leads 无证经营线索: seen on the round, reported, passed on to law enforcement, closed, told back."""
