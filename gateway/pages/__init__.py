"""Pages no engine can know; each module offers `blueprint` and may offer `menu`."""
