"""How figures are made of facts."""
