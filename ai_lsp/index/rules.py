"""Lines of ignore files, compiled, and the names of files that must never be read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from pathspec.patterns.gitignore import GitIgnorePatternError
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

_NEVER_READ = """
    .env .env.* .envrc !.env.example !.env.sample !.env.template !.env.dist *.tfvars *.tfvars.json id_rsa*
    id_dsa* id_ecdsa* id_ed25519* *.pem *.key *.p12 *.pfx *.p8 *.pkcs12 *.jks *.keystore *.bks *.kdb *.kdbx
    *.ppk *.asc *.gpg *.pgp *.age *.agekey *.ovpn *.keytab *.mobileprovision .ssh/ .gnupg/ .password-store/
    private_key privatekey secring.* .htpasswd !*.pub credentials !credentials/ credentials.json credentials.yml
    credentials.yaml credentials.yml.enc master.key client_secret*.json service-account*.json
    service_account*.json application_default_credentials.json secrets.json secrets.yml secrets.yaml
    secrets.toml .netrc _netrc .pgpass .my.cnf .mylogin.cnf .npmrc .yarnrc .yarnrc.yml .pypirc .gem/ .aws/
    .azure/ **/.config/gcloud/ **/.config/gh/hosts.yml **/.cargo/credentials* **/.docker/config.json .dockercfg
    .dockerconfigjson kubeconfig *.kubeconfig .kube/ *.tfstate *.tfstate.* .terraformrc terraform.rc
    .git-credentials **/.git/config .vault-token .s3cfg .boto .databrickscfg **/.m2/settings.xml wp-config.php
    .bash_history .zsh_history .python_history .psql_history .mysql_history .sqlite_history .node_repl_history
    .lesshst
"""
NEVER_READ = tuple(_NEVER_READ.split())
"""Patterns, in lower case, of what is neither indexed nor put into a prompt, whatever ignore files say."""

_NOT_WORTH_READING = """
    .git/ .hg/ .svn/ .jj/ CVS/ node_modules/ bower_components/ __pycache__/ .venv/ venv/ .tox/ .nox/
    .mypy_cache/ .pytest_cache/ .ruff_cache/ .gradle/ .terraform/ .next/ .nuxt/ .cache/ .eggs/ *.egg-info/
    *.min.js *.min.css *.bundle.js *.map *.svg *.csv *.tsv *.jsonl *.ipynb *.lock package-lock.json
    npm-shrinkwrap.json pnpm-lock.yaml go.sum *.po *.log *.pb.go *_pb2.py *_pb2_grpc.py *.snap
"""
NOT_WORTH_READING = tuple(_NOT_WORTH_READING.split())
"""What tools have made or fetched; any ignore file can take a pattern back with ``!``."""

_WHOLE = {".": ".+", "(?P<ps_d>/)": ".+/", "/": ".+/.+"}
"""pathspec's short forms for ``*``, ``*/`` and ``**/*/**``, as expressions for a whole path."""


class Rules:
    """The patterns of one ignore file, or of several with the same base folder; the last that matches decides.

    Unlike pathspec's own specs a pattern is held against one entry only and not against the folders it is in:
    git asks about these first and does not look into what it leaves out.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        compiled = [one for line in lines if (one := _expression(line)) is not None]
        self._runs: list[tuple[re.Pattern[str], bool]] = []
        """Neighbouring patterns of the same sign as one, the last ones first."""
        for sign, run in groupby(reversed(compiled), key=lambda one: one[1]):
            self._runs.append((re.compile("|".join(f"(?:{one[0]})" for one in run), re.DOTALL), sign))

    def __bool__(self) -> bool:
        return bool(self._runs)

    def match(self, path: str, *, folder: bool) -> bool | None:
        """Return whether the entry is left out; None when no pattern matches.

        `path` is relative to the rules' base folder, with ``/``.
        """
        whole = path + "/" if folder else path
        return next((sign for pattern, sign in self._runs if pattern.fullmatch(whole)), None)


def _expression(line: str) -> tuple[str, bool] | None:
    """Return an expression for whole paths (those of folders end in ``/``) and its sign; None for no pattern."""
    try:
        expression, sign = GitIgnoreSpecPattern.pattern_to_regex(line.rstrip("\r\n"))
        if expression is None or sign is None:
            return None
        if expression in _WHOLE:
            expression = _WHOLE[expression]
        elif expression.endswith("/"):  # `a/**`: all that is in it, but not the folder itself
            expression += ".+"
        elif re.search(r"/\*\*/\s*$", line):
            expression += ".+/"
        expression = expression.replace("?P<ps_d>", "?:")
        re.compile(expression)
    except (GitIgnorePatternError, re.error, RecursionError):
        return None
    return expression, sign
