"""What happened, as figures: read models only."""
