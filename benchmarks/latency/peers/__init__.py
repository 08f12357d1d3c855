"""Others on the same weights and traces, each in a process of its own and asked over loopback only."""
