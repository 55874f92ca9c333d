"""Training 培训: courses taken, and credits against what the year asks."""
