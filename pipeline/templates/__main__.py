"""`python -m pipeline.templates` writes `input_templates/` and the data dictionary anew from the schemas."""

from pathlib import Path

from pipeline.contract.trade import default_trade, load_profile
from pipeline.templates.blank import write_blank_templates
from pipeline.templates.dictionary import write_dictionaries

TEMPLATES, DOCS = Path("input_templates"), Path("docs")

if __name__ == "__main__":
    trade = load_profile(default_trade())
    for path in (*write_blank_templates(TEMPLATES, trade), *write_dictionaries(DOCS, trade)):
        print(path)
