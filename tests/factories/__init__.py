"""Valid things to start from; a test states only what matters to it."""
