"""Workbooks: a plan says what goes where (pure), a layout places it on pages, one thin writer writes it."""
