"""What becomes of a model's answer: one file for each kind."""
