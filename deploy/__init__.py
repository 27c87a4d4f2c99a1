"""Everything that prepares a machine for Guanxi and keeps its processes running."""
