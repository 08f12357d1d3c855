"""Rules about code that must not be suggested: data files of ours, and those that people add."""
