"""Products, stages, opportunities and quotes: from a chance to sell to the customer's decision."""
