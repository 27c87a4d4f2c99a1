"""What staff are told, by the bell and by mail, and what became of every letter."""
