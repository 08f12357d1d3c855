"""What goes into the prompt besides the text around the cursor, and what of it is worth its place."""
