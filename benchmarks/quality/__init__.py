"""Whether suggestions are good: cases cut from code that the model cannot have seen; see README.md."""
