"""`python -m pipeline.trades` writes `input_templates/` and every trade's data dictionary from the declarations."""

from pathlib import Path

from pipeline.contract.trade import default_trade, load_profile, profile_names
from pipeline.templates.blank import write_blank_templates
from pipeline.trades.dictionary import write_dictionaries

TEMPLATES, DOCS = Path("input_templates"), Path("docs")

if __name__ == "__main__":
    paths = [*write_blank_templates(TEMPLATES, load_profile(default_trade()))]
    paths += [path for name in profile_names() for path in write_dictionaries(DOCS, load_profile(name))]
    print(*paths, sep="\n")
