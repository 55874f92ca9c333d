"""One file a command: what `monthly`, `rebuild`, `status`, `verify`, `trace`, `send`, `withdraw`, `templates` do."""
