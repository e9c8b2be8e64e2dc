"""Pure functions on frames: where policy clashes with livelihoods, and for whom."""
