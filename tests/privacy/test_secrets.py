import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_lsp.privacy.secrets import redact

UNTOUCHED = [
    "password = getpass.getpass('Password: ')",
    "def login(user: str, password: str) -> Token:",
    "self.password = password",
    "const isSecret = !!props.environment;",
    "token = tokens[index + 1]",
    "token = self.tokenizer2.next_token()",
    "TOKEN_URL = 'https://oauth2.googleapis.com/token'",
    "API_KEY_HEADER = 'x-api-key'",
    "password = os.environ['DB_PASSWORD']",
    'password = "${DB_PASSWORD}"',
    "password: {{ vault_password }}",
    "PASSWORD=$DB_PASSWORD",
    "secret: string;",
    "readonly token: Uint8Array",
    '<input type="password" name="password" id="password">',
    'url = "https://example.com:8080/path@v2"',
    'dsn = f"postgres://{user}:{password}@{host}/db"',
    "uuid = '123e4567-e89b-12d3-a456-426614174000'",
    'alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"',
    "from some_long_package_name.another_long_module_name import AVeryLongClassNameIndeed",
    "'test_that_the_very_long_name_of_a_test_is_kept_in_2024'",
    "path = '/usr/lib/python3/dist-packages/numpy/core'",
    "sk-loading-indicator-with-a-long-name",
    '"-----BEGIN RSA PRIVATE KEY-----" in text',
    "digits = '27182818284590452353602874713526624977572470936999'",
    "token = 'identifier'",
    "raise ValueError('token must not be empty')",
]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_ordinary_code_is_left_alone(text: str) -> None:
    assert redact(text) == text


REDACTED = [
    ('password = "hunter2"', 'password = "<secret>"'),
    ("db_password: str = 'correct-horse'  # dev", "db_password: str = '<secret>'  # dev"),
    ('{"client_secret": "aB3kd93kLs0d"}', '{"client_secret": "<secret>"}'),
    ('char password[25] = "tr0ub4dor";', 'char password[25] = "<secret>";'),
    ('const char *PWD = L"tr0ub4dor";', 'const char *PWD = L"<secret>";'),
    ('password := "tr0ub4dor"', 'password := "<secret>"'),
    (":password => 'tr0ub4dor'", ":password => '<secret>'"),
    ('if (password === "tr0ub4dor") {', 'if (password === "<secret>") {'),
    ('setPassword("tr0ub4dor")', 'setPassword("<secret>")'),
    ('connect("me", password="it\'s2good")', 'connect("me", password="<secret>")'),
    ("export API_KEY=abcdef-123456\r\n", "export API_KEY=<secret>\r\n"),
    ("SECRET_KEY_BASE=letmeinplease\nDEBUG=1\n", "SECRET_KEY_BASE=<secret>\nDEBUG=1\n"),
    ("db:\n  password: hunter2\n  port: 5432\n", "db:\n  password: <secret>\n  port: 5432\n"),
    ("postgres://app:s3cr3t@db:5432/app", "postgres://app:<secret>@db:5432/app"),
    ("Server=db;User Id=sa;Password=p4ss_word;Encrypt=yes", "Server=db;User Id=sa;Password=<secret>;Encrypt=yes"),
    ("'host=db user=app password=s3cr3t dbname=app'", "'host=db user=app password=<secret> dbname=app'"),
    (
        "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIIrYSSNdQ7dV\n-----END EC PRIVATE KEY-----\nx = 1\n",
        "-----BEGIN EC PRIVATE KEY-----\n<secret>\n-----END EC PRIVATE KEY-----\nx = 1\n",
    ),
    (
        'KEY = """-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\n9w0BAQEFAASCBKcwggSj\n',
        'KEY = """-----BEGIN PRIVATE KEY-----\n<secret>\n',
    ),
    (
        "AgEAAoIBAQC7VJTUt9Us\n-----END PRIVATE KEY-----\nx = 1\n",
        "<secret>\n-----END PRIVATE KEY-----\nx = 1\n",
    ),
    (
        '"-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0\\n-----END PRIVATE KEY-----\\n"',
        '"-----BEGIN PRIVATE KEY-----<secret>-----END PRIVATE KEY-----\\n"',
    ),
    ("Private-Lines: 2\nAAAAgQCVX0m9M0z3kU5b\nAAAAQQDhqd1k\nx", "Private-Lines: 2\n<secret>\nAAAAQQDhqd1k\nx"),
]


@pytest.mark.parametrize(("text", "expected"), REDACTED)
def test_only_the_value_goes(text: str, expected: str) -> None:
    assert redact(text) == expected


DRAWN = random.Random(4)
LOWER, UPPER, DIGITS = string.ascii_lowercase, string.ascii_uppercase, string.digits
ALNUM, HEX = LOWER + UPPER + DIGITS, "0123456789abcdef"


def drawn(n: int, letters: str = ALNUM) -> str:
    return "".join(DRAWN.choices(letters, k=n))


def pem() -> str:
    return "\n".join([*(drawn(64, ALNUM + "+/") for _ in range(6)), drawn(30)])


# The line that a secret is planted in (`{}` is where), and how it is drawn.
PLANTED = {
    "AWS key id": ("aws_id = '{}'", lambda: "AKIA" + drawn(16, UPPER + DIGITS)),
    "AWS secret key": ('aws_secret_access_key = "{}"', lambda: drawn(40, ALNUM + "+/")),
    "AWS secret key in a file": ("aws_secret_access_key = {}\n", lambda: drawn(40, ALNUM + "+/")),
    "Google API key": ("maps.load('{}')", lambda: "AIza" + drawn(35)),
    "Azure storage": (
        "'DefaultEndpointsProtocol=https;AccountName=me;AccountKey={};EndpointSuffix=core'",
        lambda: drawn(86, ALNUM + "+/") + "==",
    ),
    "Azure client secret": ("# {}", lambda: drawn(3) + "8Q~" + drawn(34)),
    "GitHub": ("git clone https://{}@github.com/a/b", lambda: "ghp_" + drawn(36)),
    "GitHub, fine-grained": ("x({})", lambda: "github_pat_" + drawn(22) + "_" + drawn(59)),
    "GitLab": ("PRIVATE-TOKEN: {}", lambda: "glpat-" + drawn(20)),
    "Slack": ('WebClient("{}")', lambda: f"xoxb-{drawn(12, DIGITS)}-{drawn(12, DIGITS)}-{drawn(24)}"),
    "Slack webhook": ("'https://hooks.slack.com/{}'", lambda: f"services/T{drawn(8)}/B{drawn(8)}/{drawn(24)}"),
    "Stripe": ("stripe.api_key = '{}'", lambda: "sk_live_" + drawn(24)),
    "OpenAI": ("OpenAI('{}')", lambda: "sk-proj-A1" + drawn(48)),
    "Anthropic": ("Anthropic('{}')", lambda: "sk-ant-api03-A1" + drawn(90)),
    "Hugging Face": ("login('{}')", lambda: "hf_" + drawn(34)),
    "npm": ("//npm.example.com/:_authToken={}", lambda: "npm_" + drawn(36)),
    "PyPI": ("  password = {}", lambda: "pypi-AgEIcHlwaS5vcmc" + drawn(80)),
    "JWT": ("headers = ['{}']", lambda: f"eyJ{drawn(30)}.eyJ{drawn(60)}.{drawn(43)}"),
    "SendGrid": ("mail('{}')", lambda: f"SG.{drawn(22)}.{drawn(43)}"),
    "Twilio": ("Client('{}')", lambda: "SK" + drawn(32, HEX)),
    "Telegram": ("bot = Bot('{}')", lambda: drawn(10, "123456789") + ":AA" + drawn(33)),
    "bearer": ("curl -H 'Authorization: Bearer {}'", lambda: "a1" + drawn(30)),
    "database": ("DB = 'mysql://root:{}@localhost/x'", lambda: drawn(12)),
    "basic auth": ("https://me:{}@registry.example.com/", lambda: "p" + drawn(9)),
    "password": ("password = '{}'", lambda: drawn(10)),
    "password in YAML": ("  password: {}", lambda: "p1" + drawn(10)),
    "environment": ("SESSION_SECRET={}", lambda: drawn(14)),
    "token": ('"refresh_token": "{}",', lambda: "1a" + drawn(30)),
    "hexadecimal": ("key = b'{}'", lambda: drawn(32, HEX)),
    "base64": ('iv = "{}"', lambda: drawn(43, ALNUM + "+/") + "="),
    "private key": ("-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----", pem),
    "middle of a private key": ("{}", lambda: "M" + drawn(63, ALNUM + "+/")),
}


@pytest.mark.parametrize("kind", PLANTED)
def test_ten_planted_secrets_of_each_kind_go(kind: str) -> None:
    template, draw = PLANTED[kind]
    for _ in range(10):
        secret = draw()
        text = f"def before():\n    return 1\n\n{template.format(secret)}\n\nx = after(2)\n"
        expected = f"def before():\n    return 1\n\n{template.format('<secret>')}\n\nx = after(2)\n"
        assert redact(text) == expected


SIGNS = [" = ", ":", "=", '"', "'", "\n", " ", ";", "."]
WORDS = [
    "password",
    "token",
    "<secret>",
    "://u:",
    "@h",
    "Bearer ",
    "eyJ",
    "AKIA" + "A" * 16,
    "aB3" * 9,
    "f00" * 11,
]
BLOCK = ["-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"]
PIECES = st.sampled_from([*SIGNS, *WORDS, *BLOCK])


@given(st.lists(PIECES | st.text(max_size=8), max_size=24).map("".join))
def test_redacting_again_changes_nothing(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    assert isinstance(redact(text), str)


def test_a_huge_line_is_no_trouble() -> None:
    text = "password" * 20_000 + "=" * 20_000 + "A" * 20_000 + "n" * 20_000 + " PRIVATE KEY"
    assert redact(text) == text
