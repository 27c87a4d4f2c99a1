"""What people do with contracts and payments."""
