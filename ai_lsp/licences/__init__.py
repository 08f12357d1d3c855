"""Which installed code may not be copied, and whether a text copies it: an index of fingerprints."""
