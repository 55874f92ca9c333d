"""Visits 走访: planned, made, and what they saw."""
