"""What the filters of secrets and insecure code cost, and what they stop that is right."""
