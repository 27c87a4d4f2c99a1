"""Each mechanism of the chassis alone, on a real broker and a real database, with toy services as real processes."""
