"""Between the inbox and the months: what was refused, and where it is told."""
