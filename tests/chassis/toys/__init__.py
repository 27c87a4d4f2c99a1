"""Two toy services that stand on the chassis: a workshop that makes parts, and a ledger that hears of it."""
