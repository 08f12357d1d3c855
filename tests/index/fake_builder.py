"""A builder that does as its first argument says: `crash`, or `ready` and then what standard input says."""

from __future__ import annotations

import json
import sys


def say(kind: str, message: str = "") -> None:
    status = {"kind": kind, "message": message, "files": 0, "lines": 0, "done": 0, "total": 0}
    print(json.dumps(status), flush=True)


if sys.argv[1] == "crash":
    sys.exit(3)
print("a line of some library", flush=True)
say("ready")
for line in sys.stdin:
    say("ready", line)
