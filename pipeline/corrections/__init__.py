"""Correction copies: a sender's own workbook back, with what is wrong marked in it and listed."""

from pipeline.corrections.make import make_correction

__all__ = ["make_correction"]
