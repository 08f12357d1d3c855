"""Questions that a trace through real files does not answer; each returns its figures by name."""

NAMES = ("depth", "cancel", "busy")
