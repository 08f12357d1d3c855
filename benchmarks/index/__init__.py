"""What the repository index costs on a repository of a million lines."""
