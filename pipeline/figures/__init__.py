"""Figures: each one declaration; every rate a numerator and a denominator that add up."""
