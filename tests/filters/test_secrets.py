"""No planted secret is shown: 10 of each of 20 kinds, as a line, as its value alone, and cut off."""

import random
import string

import pytest

from ai_lsp.filters.secrets import secrets
from tests.filters.texts import place

LOWER, UPPER, DIGITS = string.ascii_lowercase, string.ascii_uppercase, string.digits
ALNUM, HEX, BASE64 = LOWER + UPPER + DIGITS, "0123456789abcdef", LOWER + UPPER + DIGITS + "+/"
DRAWN = random.Random()


def drawn(n, letters=ALNUM):
    return "".join(DRAWN.choices(letters, k=n))


def pem():
    return "\n".join([*(drawn(64, BASE64) for _ in range(3)), drawn(30, BASE64)])


def lower_hex():
    # A digit and a letter first: sixteen of them may have no letter, one time in a thousand.
    return "3f" + drawn(30, HEX)


# The line that a secret is planted in (`{}` is where), and how it is drawn.
PLANTED = {
    "AWS key id": ("python", 'aws_id = "{}"', lambda: "AKIA" + drawn(16, UPPER + DIGITS)),
    "AWS secret key": ("python", 'AWS_SECRET_ACCESS_KEY = "{}"', lambda: drawn(40, BASE64)),
    "GitHub": ("go", 'client := github.New("{}")', lambda: "ghp_" + drawn(36)),
    "GitLab": ("ruby", "gl = Gitlab.client(url, '{}')", lambda: "glpat-" + drawn(20)),
    "Slack": (
        "typescript",
        'new WebClient("{}");',
        lambda: f"xoxb-{drawn(12, DIGITS)}-{drawn(12, DIGITS)}-{drawn(24)}",
    ),
    "Stripe": ("typescript", "const stripe = new Stripe('{}');", lambda: "sk_live_" + drawn(24)),
    "Google API": ("java", 'maps.load("{}");', lambda: "AIza" + drawn(35)),
    "JWT": ("rust", 'let token = "{}";', lambda: f"eyJ{drawn(30)}.eyJ{drawn(60)}.{drawn(43)}"),
    "private key": (
        "python",
        'KEY = """-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----"""',
        pem,
    ),
    "Azure storage": (
        "csharp",
        'var c = "DefaultEndpointsProtocol=https;AccountName=me;AccountKey={};EndpointSuffix=core.windows.net";',
        lambda: drawn(86, BASE64) + "==",
    ),
    "Azure client secret": ("python", 'credential = make(tenant, "{}")', lambda: drawn(3) + "8Q~" + drawn(34)),
    "npm": ("shellscript", 'echo "//npm.example.com/:_authToken={}"', lambda: "npm_" + drawn(36)),
    "PyPI": ("python", 'upload("{}")', lambda: "pypi-AgEIcHlwaS5vcmc" + drawn(80)),
    "Twilio": ("php", '$twilio = new Client("{}");', lambda: "SK" + drawn(32, HEX)),
    "SendGrid": ("java", 'SendGrid mail = new SendGrid("{}");', lambda: f"SG.{drawn(22)}.{drawn(43)}"),
    "basic auth": ("go", 'url := "https://deploy:{}@registry.example.com/simple"', lambda: "p" + drawn(11)),
    "password": ("cpp", 'std::string password = "{}";', lambda: drawn(10)),
    "API key": ("rust", 'let api_key = "{}";', lambda: "1a" + drawn(22)),
    "hexadecimal": ("cpp", 'const char *seed = "{}";', lower_hex),
    "base64": ("csharp", 'var blob = "{}";', lambda: drawn(43, BASE64) + "="),
}
ABOVE, BELOW = "\n\n", "\n\n\n"


def shown(secret, text):
    return any(line in text for line in secret.split("\n"))


def test_there_are_twenty_kinds():
    assert len(PLANTED) == 20


@pytest.mark.parametrize("kind", PLANTED)
def test_none_of_ten_planted_secrets_is_shown(kind):
    DRAWN.seed(kind)
    language, template, draw = PLANTED[kind]
    for _ in range(10):
        secret = draw()
        before, _, after = template.partition("{}")
        line = secrets(template.format(secret), place(language, ABOVE, BELOW)).text
        value = secrets(secret, place(language, ABOVE + before, after + BELOW)).text
        second = secrets(f"value = compute(a);\n{template.format(secret)}", place(language, ABOVE, BELOW)).text
        assert not shown(secret, line)
        assert not shown(secret, value)
        assert second.strip() in ("value = compute(a);", "")


CUT_OFF = sorted(set(PLANTED) - {"basic auth", "base64"})
"""The start of the others cannot be told from a host with a port, and from a name."""


@pytest.mark.parametrize("kind", CUT_OFF)
def test_two_thirds_of_a_planted_secret_are_not_shown(kind):
    DRAWN.seed(kind)
    language, template, draw = PLANTED[kind]
    for _ in range(10):
        secret = draw()
        start = template.partition("{}")[0] + secret[: 2 * len(secret) // 3]
        assert secrets(start, place(language, ABOVE, BELOW)).text == ""


def test_a_reason_does_not_tell_the_secret():
    secret = "ghp_" + "aB3" * 12
    assert secret not in secrets(f"x = '{secret}'", place("python", "", "\n")).reason
