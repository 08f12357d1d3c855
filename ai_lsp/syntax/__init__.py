"""What is known of each programming language."""
