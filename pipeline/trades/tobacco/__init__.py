"""Cigarette distributors 烟草商业, the first trade."""
