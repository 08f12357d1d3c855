"""The formats of keys and tokens that can be told by their looks alone."""

from __future__ import annotations

import re

_ENTROPIC = r"(?=[\w.-]*\d)(?=[\w.-]*[A-Z])"
"""What comes has a digit and a capital letter, as drawn letters have and words joined by hyphens do not."""

_TABLE: tuple[tuple[str, str], ...] = (
    # clouds
    ("AKIA ASIA ABIA ACCA A3T", r"(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}\b"),
    ("ABSK", r"ABSK[A-Za-z0-9+/]{100,}={0,2}"),
    ("AIza", r"AIza[\w-]{35}"),
    ("ya29.", r"ya29\.[\w-]{20,}"),
    ("GOCSPX-", r"GOCSPX-[\w-]{24,}"),
    ("8Q~", r"[\w.~-]{3,4}8Q~[\w.~-]{31,37}"),
    ("LTAI", r"LTAI[A-Za-z0-9]{12,26}\b"),
    ("AKID", r"AKID[A-Za-z0-9]{32}\b"),
    ("o_v1_ r_v1_ p_v1_", r"do[opr]_v1_[a-f0-9]{64}"),
    ("dapi", r"dapi[a-f0-9]{32}(?:-\d)?\b"),
    ("HRKU-", r"HRKU-[\w-]{30,}"),
    ("fo1_ fm1_ fm2_", r"(?:fo1_[\w-]{43}|fm[12]_[A-Za-z0-9+/=]{40,})"),
    ("pscale_", r"pscale_(?:tkn|pw|oauth)_[\w.=-]{32,}"),
    ("sbp_ sb_secret_", r"(?:sbp_[a-f0-9]{40}|sb_secret_[\w-]{20,})"),
    # forges and registries
    ("ghp_ gho_ ghu_ ghs_ ghr_", r"gh[pousr]_[A-Za-z0-9_]{36,}"),
    ("github_pat_", r"github_pat_\w{22,}"),
    ("gl", r"gl(?:pat|ptt|rt|dt|cbt|soat|ft|imt|agent|oas|ffct)-[\w.-]{20,}"),
    ("GR1348941", r"GR1348941[\w-]{20,}"),
    ("ATATT3 ATBB ATCTT3", r"(?:ATATT3|ATCTT3|ATBB)[\w=-]{24,}"),
    ("npm_", r"npm_[A-Za-z0-9]{36,}"),
    ("pypi-A", r"pypi-A[\w-]{50,}"),
    ("rubygems_", r"rubygems_[a-f0-9]{48}"),
    ("cio", r"cio[A-Za-z0-9]{32}\b"),
    ("oy2", r"oy2[a-z0-9]{43}\b"),
    ("dckr_", r"dckr_(?:pat|oat)_[\w-]{27,}"),
    ("AKCp", r"AKCp[A-Za-z0-9]{60,}"),
    ("sgp_", r"sgp_(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40}"),
    # payment
    ("k_live_ k_test_ k_prod_", r"[rsp]k_(?:live|test|prod)_[A-Za-z0-9]{10,}"),
    ("whsec_", r"whsec_[A-Za-z0-9+/=]{24,}"),
    ("sq0", r"sq0[a-z]{3}-[\w-]{22,43}"),
    ("EAAA", r"EAAA[\w-]{60}"),
    ("shp", r"shp(?:at|ca|pa|ss|ua)_[a-fA-F0-9]{32}"),
    ("access_token$", r"access_token\$(?:production|sandbox)\$[a-z0-9]{16}\$[a-f0-9]{32}"),
    # models
    ("sk-", r"sk-(?:proj-|svcacct-|admin-|ant-|or-|lf-)?" + _ENTROPIC + r"[\w-]{20,}"),
    ("hf_", r"hf_[A-Za-z0-9]{30,}"),
    ("gsk_", r"gsk_[A-Za-z0-9]{40,}"),
    ("xai-", r"xai-[A-Za-z0-9_]{60,}"),
    ("r8_", r"r8_[A-Za-z0-9]{37,}"),
    ("pplx-", r"pplx-[A-Za-z0-9]{40,}"),
    ("tvly-", r"tvly-(?:dev-|prod-)?[A-Za-z0-9]{24,}"),
    # messages and mail
    ("xox", r"xox[abeoprs](?:\.xox[abp])?-[\w-]{10,}"),
    ("xapp-", r"xapp-\d-[\w-]{20,}"),
    ("hooks.slack.com/", r"(?<=hooks\.slack\.com/)(?:services|workflows|triggers)/[\w/]{20,}"),
    ("/api/webhooks/", r"(?<=/api/webhooks/)\d{15,}/[\w-]{40,}"),
    ("webhook.office.com/", r"(?<=webhook\.office\.com/)[\w/@.-]{60,}"),
    (".", r"[MNO][A-Za-z\d_-]{23,27}\.[A-Za-z\d_-]{6}\.[A-Za-z\d_-]{27,40}\b"),
    (":AA", r"\d{8,10}:AA[\w-]{33}\b"),
    ("SG.", r"SG\.[\w-]{16,32}\.[\w-]{16,64}"),
    ("AC SK", r"(?:AC|SK)[a-f0-9]{32}\b"),
    ("key-", r"key-[a-f0-9]{32}\b"),
    ("-us", r"[a-f0-9]{32}-us\d{1,2}\b"),
    ("xkeysib-", r"xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}"),
    # tools
    ("secret_ ntn_", r"(?:secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{40,})\b"),
    ("lin_api_", r"lin_(?:api|oauth)_[A-Za-z0-9]{32,}"),
    ("glsa_ glc_", r"(?:glsa_[A-Za-z0-9]{32}_[a-fA-F0-9]{8}|glc_[A-Za-z0-9+/=]{32,})"),
    ("hvs. hvb. hvr.", r"hv[bsr]\.[\w-]{24,}"),
    (".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,}"),
    ("PMAK-", r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}"),
    ("pul-", r"pul-[a-f0-9]{40}"),
    ("dp.", r"dp\.(?:ct|pt|st|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}"),
    ("NRAK- NRII-", r"(?:NRAK-[A-Z0-9]{27}|NRII-[\w-]{32})"),
    ("sntry", r"sntry[su]_[\w=+/-]{40,}"),
    ("figd_", r"figd_[\w-]{36,}"),
    ("pat", r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}"),
    ("ops_ey", r"ops_ey[\w=-]{60,}"),
    ("AGE-SECRET-KEY-", r"AGE-SECRET-KEY-1[A-Z0-9]{50,}"),
    ("EAACEdEose0cBA", r"EAACEdEose0cBA[A-Za-z0-9]+"),
    # anywhere
    ("eyJ", r"eyJ[\w-]{15,}(?:\.[\w-]*){1,4}"),
)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(r"(?<![A-Za-z0-9_])" + pattern)


FORMATS = tuple((tuple(hints.split()), _compiled(pattern)) for hints, pattern in _TABLE)
"""Texts of which one must be there, and what to look for then. From gitleaks' and detect-secrets' rules."""
