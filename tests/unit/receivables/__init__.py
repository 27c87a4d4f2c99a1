"""The arithmetic of contracts and receivables."""
