from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_lsp.licences.recognise import by_header, by_name, by_text, first, together

MIT = "Copyright 2020 A. Body\n\nPermission is hereby granted, free of charge, to any person\nobtaining a copy"
GPL_NOTICE = """\
{sign} This program is free software: you can redistribute it and/or modify
{sign} it under the terms of the GNU {kind}General Public License as published by
{sign} the Free Software Foundation, either version {version} of the License, or
{sign} (at your option) any later version.
"""


@pytest.mark.parametrize(
    ("name", "licence"),
    [
        ("MIT", "MIT"), ("MIT License", "MIT"), ("The MIT License (MIT)", "MIT"), ("Expat", "MIT"),
        ("BSD", "BSD-3-Clause"), ("New BSD", "BSD-3-Clause"), ("2-clause BSD", "BSD-2-Clause"), ("0BSD", "0BSD"),
        ("Apache 2.0", "Apache-2.0"), ("Apache Software License", "Apache-2.0"), ("ISC License (ISCL)", "ISC"),
        ("GPLv3+", "GPL-3.0-or-later"), ("GPL-3", "GPL-3.0-only"), ("GPL", "GPL-1.0-or-later"),
        ("GNU GPL v2 or later", "GPL-2.0-or-later"), ("GPL (>= 2)", "GPL-2.0-or-later"),
        ("GNU General Public License v2 (GPLv2)", "GPL-2.0-only"),
        ("GNU Affero General Public License v3 or later (AGPLv3+)", "AGPL-3.0-or-later"),
        ("LGPLv2.1+", "LGPL-2.1-or-later"), ("GNU Lesser General Public License v3 (LGPLv3)", "LGPL-3.0-only"),
        ("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"), ("Python Software Foundation License", "PSF-2.0"),
        ("Public Domain", "LicenseRef-Public-Domain"), ("UNLICENSED", "LicenseRef-Proprietary"),
        ("Other/Proprietary License", "LicenseRef-Proprietary"), ("(MIT OR GPL-3.0)", "MIT OR GPL-3.0-only"),
        ("SEE LICENSE IN x.md", ""), ("Dual License", ""), ("", ""), ("  ", ""),
    ],
)  # fmt: skip
def test_names(name: str, licence: str) -> None:
    assert by_name(name) == licence


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        (MIT, "MIT"),
        ("GNU GENERAL PUBLIC LICENSE\n   Version 3, 29 June 2007", "GPL-3.0-only"),
        ("GNU LESSER GENERAL PUBLIC LICENSE\n  Version 2.1, February 1999", "LGPL-2.1-only"),
        ("GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3", "AGPL-3.0-only"),
        ("Apache License\n  Version 2.0, January 2004", "Apache-2.0"),
        ("Redistribution and use in source and binary forms, with or without", "BSD-2-Clause"),
        ("Redistribution and use in source and binary forms. Neither the name of", "BSD-3-Clause"),
        (
            "Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee",
            "ISC",
        ),
        ("This is free and unencumbered software released into the public domain.", "Unlicense"),
        ("3. altered source versions must be plainly marked as such", "Zlib"),
        (f"{MIT}\n\nIt bundles libfoo under the GNU General Public License, version 3.", "MIT"),
        ("Copyright 2020 A. Body. Have fun.", ""),
    ],
)
def test_texts(text: str, licence: str) -> None:
    assert by_text(text) == licence


@pytest.mark.parametrize(
    ("head", "licence"),
    [
        ("# SPDX-License-Identifier: gpl-2.0+\n", "GPL-2.0-or-later"),
        ("/* SPDX-License-Identifier: (MIT OR GPL-2.0-only) */\n", "MIT OR GPL-2.0-only"),
        ("<!-- SPDX-License-Identifier: MIT -->", "MIT"),
        (GPL_NOTICE.format(sign="#", kind="", version=3), "GPL-3.0-or-later"),
        (GPL_NOTICE.format(sign=" *", kind="Lesser ", version=2.1), "LGPL-2.1-or-later"),
        ("/*\n" + GPL_NOTICE.format(sign="", kind="Affero ", version=3) + "*/\nint a;", "AGPL-3.0-or-later"),
        ('"""A module.\n\nLicensed under the Apache License, Version 2.0\n"""\n', "Apache-2.0"),
        ("// Use of this source code is governed by a BSD-style license that can be", "BSD-3-Clause"),
        ("# Licensed under the GPL: https://www.gnu.org/licenses/gpl-2.0.html", "GPL-1.0-or-later"),
        ("import os\n\nTEXT = 'the GNU General Public License, version 3'\n", ""),
        ("# a file\n\nNAMES = ['MIT License']\n", ""),
        ("", ""),
    ],
)
def test_headers(head: str, licence: str) -> None:
    assert by_header(head) == licence


@pytest.mark.parametrize(
    ("candidates", "licence"),
    [
        (("", "MIT", "ISC"), "MIT"),
        (("GPL-1.0-or-later", "GPL-2.0-or-later"), "GPL-2.0-or-later"),
        (("GPL-1.0-or-later", "MIT"), "GPL-1.0-or-later"),
        (("GPL-1.0-or-later", "LGPL-2.1-only"), "GPL-1.0-or-later"),
        (("", ""), ""),
    ],
)
def test_the_first_that_is_exact_counts(candidates: tuple[str, ...], licence: str) -> None:
    assert first(*candidates) == licence


def test_texts_of_one_folder() -> None:
    assert together(["GPL-3.0-only", "LGPL-3.0-only"], ["COPYING", "COPYING.LESSER"]) == "LGPL-3.0-only"
    assert together(["MIT", "Apache-2.0"], ["LICENSE-MIT", "LICENSE-APACHE"]) == "Apache-2.0 OR MIT"
    assert together(["MIT", "GPL-2.0-only"], ["LICENSE", "COPYING"]) == "GPL-2.0-only AND MIT"
    assert together(["MIT", "", "MIT"], ["LICENSE", "a", "b"]) == "MIT"
    assert together([], []) == ""


@settings(deadline=None)
@given(st.text())
def test_no_text_raises(text: str) -> None:
    by_name(text)
    by_text(text)
    by_header(text)
