"""What must not get into an index, a prompt or a log."""
