"""Findings: what the figures say is wrong, why, and what to do; and the sentences that tell it."""
