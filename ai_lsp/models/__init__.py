"""Local models: what is known, what is installed, how it gets here, and how fast it runs on this machine."""
