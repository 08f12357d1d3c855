"""What goes into the prompt besides the text around the cursor: where it comes from, and what of it is worth it."""
