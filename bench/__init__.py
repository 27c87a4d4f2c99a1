"""Figures against floors measured in the same run. Each module's `measure()` gives rows; `python -m bench` prints them."""
