"""Whether the licence filter finds copies, and lets what is no copy pass."""
