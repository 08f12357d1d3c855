"""The source `definitions`: signatures and docs of the names that the code at the cursor uses."""
