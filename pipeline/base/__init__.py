"""What everything stands on: files and what the machine may do to them, names, texts that are only shown."""
