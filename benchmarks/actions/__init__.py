"""What code of elsewhere is worth to an action."""
