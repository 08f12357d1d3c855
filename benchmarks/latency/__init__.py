"""How long an answer takes, stage by stage and against others on the same weights."""
