"""The business, one folder for each part of it; no part imports another."""
