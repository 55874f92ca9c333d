"""Pilots 试点: stations that try something, beside those that do not (yet)."""
