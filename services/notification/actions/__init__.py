"""What is done with notices and letters."""
