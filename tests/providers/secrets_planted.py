"""A hundred secrets of many kinds in the code that they are found in, each drawn anew and known by its value."""

from __future__ import annotations

import random
import string

_MIXED = string.ascii_letters + string.digits
_UPPER = string.ascii_uppercase + string.digits
_HEX = "0123456789abcdef"

_FORMS = (
    ("aws_access_key_id = AKIA{}", _UPPER, 16),
    ('AWS_SECRET_ACCESS_KEY="{}"', _MIXED, 40),
    ("Authorization: Bearer {}", _MIXED, 40),
    ('token = "ghp_{}"', _MIXED, 36),
    ("export GITHUB_TOKEN=gho_{}", _MIXED, 36),
    ("git clone https://me:{}@example.com/a.git", _MIXED, 20),
    ('api_key: "sk-proj-{}"', _MIXED, 48),
    ("STRIPE = 'sk_live_{}'", _MIXED, 24),
    ('slack = "xoxb-123456789012-{}"', _MIXED, 24),
    ("google_key = 'AIza{}'", _MIXED, 35),
    ('password = "{}"', _MIXED, 12),
    ("DB_PASSWORD={}", _MIXED, 16),
    ("postgres://app:{}@db:5432/app", _MIXED, 14),
    ('{{"client_secret": "{}"}}', _MIXED, 32),
    ("npm_token = 'npm_{}'", _MIXED, 36),
    ("session_secret: {}", _HEX, 64),
    ("AccountKey={};EndpointSuffix=core", _MIXED, 44),
    ("curl -H 'Authorization: token {}'", _MIXED, 40),
    ("digitalocean = 'dop_v1_{}'", _HEX, 64),
    ("glpat = 'glpat-{}'", _MIXED, 20),
)


def planted(count: int = 100, seed: int = 7) -> list[tuple[str, str]]:
    """Return lines of code, each with the secret value in it."""
    draw = random.Random(seed)
    found = []
    for number in range(count):
        form, letters, length = _FORMS[number % len(_FORMS)]
        # Drawn letters of every kind, as keys have them.
        value = "".join(draw.choice(letters) for _ in range(length))
        found.append((form.format(value), value))
    return found
