"""How many keys suggestions save a person who types real code through the real server; see ../README.md."""
