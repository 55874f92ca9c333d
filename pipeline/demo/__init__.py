"""A made-up organisation: seeded, believable, written through the real templates, with the truth beside it."""
