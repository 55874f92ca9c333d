"""That the settings, and not a file, are wrong."""

from pipeline.contract.exports import Export
from pipeline.contract.problem import Problem
from schemas.form import Form


def settings_fault(form: Form, export: Export, fault: str, heading: str, **more: str) -> Problem:
    """What shows that the settings, and not the file, are wrong: the run stops, and the file stays where it is."""
    details = (("heading", heading), ("files", export.files), *more.items())
    sheet = export.sheet if isinstance(export.sheet, str) else ""
    return Problem(f"settings_{fault}", "form left out", form=form.key, sheet=sheet, details=details)
