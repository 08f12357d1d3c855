"""What editors cost with the server at work."""
