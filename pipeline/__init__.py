"""Yuebao 月报: from account managers' Excel forms to their regional managers' monthly workbooks."""

__version__ = "0.1.0"
