"""What people do with opportunities and quotes."""
