"""Samples 抽查: work orders, files and follow-ups of managers that were looked at and scored; what departments give
their engineers."""
