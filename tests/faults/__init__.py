"""Everything that can happen to a running system happens to it, and a ledger of our own says what must still be true."""
