"""Which names Python's modules offer to those who import them, without running any of them."""
