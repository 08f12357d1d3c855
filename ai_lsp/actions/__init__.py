"""What a model does on demand: the actions, where they are offered, and how one is run."""
