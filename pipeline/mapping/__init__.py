"""Proposals how an office's own table is mapped onto a form: what `yuebao map` says."""
