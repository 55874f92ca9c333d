"""What everything stands on: names that every system takes, texts that are only shown, private files."""
