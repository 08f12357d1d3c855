"""A short typing session with the real server and the real model, for people to watch."""
