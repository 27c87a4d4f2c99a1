"""What holds for everything there is."""
