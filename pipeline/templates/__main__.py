"""`python -m pipeline.templates` writes `input_templates/` and the data dictionary anew from the schemas."""

from pathlib import Path

from pipeline.contract.trade import load_profile
from pipeline.templates.blank import write_blank_templates
from pipeline.templates.dictionary import write_dictionaries

TEMPLATES, DOCS = Path("input_templates"), Path("docs")

if __name__ == "__main__":
    tobacco = load_profile("tobacco")
    for path in (*write_blank_templates(TEMPLATES, tobacco), *write_dictionaries(DOCS, tobacco)):
        print(path)
