"""Figures of the standard YC/T 455.3-2013, which only the cigarette trade uses."""
