"""A made-up organisation: seeded, believable, written through the real templates, with the truth beside it."""

from pipeline.demo.make import Made, demo_profiles, make_demo

__all__ = ["Made", "demo_profiles", "make_demo"]
