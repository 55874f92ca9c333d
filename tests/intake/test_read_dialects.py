"""However a program writes the same cells, they are read as they are, or the file is refused: never another value."""

import random

from fuzz_dialects import rewritten_form, run_dialects
from fuzz_templates import valid_template


def test_no_way_of_writing_gives_another_value() -> None:
    outcome = run_dialects(100, seed=2)
    assert outcome.wrong == []
    assert outcome.accepted == 100


def test_the_trial_rewrites_what_it_says() -> None:
    forms = {rewritten_form(valid_template(), random.Random(number)) for number in range(3)}
    assert len(forms | {valid_template()}) == 4
