"""The main job from an imported list to the last payment, on real processes, through HTTP and in a browser."""
