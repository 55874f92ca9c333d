"""What everything stands on: calendar, errors, files and what the machine may do to them, frames, exact sums."""
