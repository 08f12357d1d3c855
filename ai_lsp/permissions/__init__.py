"""What may leave this process, and what did."""
