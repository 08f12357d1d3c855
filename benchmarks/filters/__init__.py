"""What filters cost, and how much they keep back of what was right."""
