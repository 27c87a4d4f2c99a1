"""What the system promises, checked on real parts."""
