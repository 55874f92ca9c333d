"""Letters to regional managers, headquarters and account managers: planned, drafted, sent."""
