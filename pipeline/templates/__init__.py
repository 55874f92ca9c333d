"""The blank forms: planned from `schemas/`, written with `pipeline.templates.write.write_template`."""
