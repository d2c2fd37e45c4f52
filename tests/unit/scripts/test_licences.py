"""The licence gate, on made-up packages."""

from collections.abc import Mapping
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

import pytest

from scripts.licences import closure, complain, is_accepted, licence_of


def install(folder: Path, **packages: Mapping[str, list[str]]) -> dict[str, Distribution]:
    """Write the metadata of packages as an installer would, and read them back."""
    installed: dict[str, Distribution] = {}
    for name, fields in packages.items():
        place = folder / f"{name}-1.dist-info"
        place.mkdir()
        lines = ["Metadata-Version: 2.4", f"Name: {name}", "Version: 1"]
        for field, values in fields.items():
            lines += [f"{field}: {value}" for value in values]
        (place / "METADATA").write_text("\n".join(lines) + "\n")
        installed[name] = PathDistribution(place)
    return installed


@pytest.mark.parametrize(
    "licence",
    [
        "MIT",
        "MIT License",
        "BSD-3-Clause",
        "Apache-2.0 OR GPL-3.0-only",
        "GPL-2.0-only OR LGPL-3.0-only",
        "(MIT OR GPL-3.0-only) AND PSF-2.0",
        "Mozilla Public License 2.0 (MPL 2.0)",
        "GNU Lesser General Public License v3 (LGPLv3)",
        "Apache Software License",
    ],
)
def test_permissive_licences_and_lgpl_are_accepted(licence: str) -> None:
    assert is_accepted(licence)


@pytest.mark.parametrize(
    "licence",
    [
        "",
        "GPL-3.0-or-later",
        "AGPL-3.0-only",
        "GNU General Public License v3 (GPLv3)",
        "MIT AND GPL-2.0-only",
        "(MIT OR Apache-2.0) AND AGPL-3.0-only",
        "SSPL-1.0",
        "Other/Proprietary License",
        "Do what you like, but ask the MIT first",
    ],
)
def test_copyleft_unknown_and_missing_licences_are_refused(licence: str) -> None:
    assert not is_accepted(licence)


def test_an_expression_counts_before_text_and_classifiers(tmp_path: Path) -> None:
    installed = install(
        tmp_path,
        stated={
            "License-Expression": ["MIT"],
            "Classifier": ["License :: OSI Approved :: GNU General Public License v3 (GPLv3)"],
        },
    )
    assert licence_of(installed["stated"]) == "MIT"


def test_a_sentence_as_licence_gives_way_to_the_classifiers(tmp_path: Path) -> None:
    installed = install(
        tmp_path,
        chatty={
            "License": ["Copyright (c) some people, all rights reserved"],
            "Classifier": [
                "License :: OSI Approved :: BSD License",
                "License :: OSI Approved :: GNU General Public License v3 (GPLv3)",
            ],
        },
    )
    assert licence_of(installed["chatty"]) == (
        "BSD License AND GNU General Public License v3 (GPLv3)"
    )


def test_what_an_extra_requires_of_an_extra_is_part_of_what_people_run(tmp_path: Path) -> None:
    installed = install(
        tmp_path,
        hikae={
            "Requires-Dist": [
                "web[deep]>=1; extra == 'cloud'",
                "other-system; extra == 'cloud' and sys_platform == 'plan9'",
                "tester; extra == 'test'",
            ]
        },
        web={"Requires-Dist": ["base", "bottom; extra == 'deep'"]},
        base={"Requires-Dist": ["web"]},
        bottom={},
        tester={},
    )
    assert closure(installed, "hikae", ["cloud"]) == {"hikae", "web", "base", "bottom"}


def test_gpl_is_refused_in_what_people_run_even_for_packages_of_the_tests(tmp_path: Path) -> None:
    installed = install(
        tmp_path,
        hikae={
            "License-Expression": ["Apache-2.0"],
            "Requires-Dist": ["beancount; extra=='agent'"],
        },
        beancount={"License-Expression": ["GPL-2.0-only"]},
    )
    assert list(complain(installed)) == [
        "beancount: people run it, and its licence is GPL-2.0-only"
    ]


def test_gpl_serves_tests_only_where_it_is_listed(tmp_path: Path) -> None:
    installed = install(
        tmp_path,
        hikae={"License-Expression": ["Apache-2.0"]},
        beancount={"License-Expression": ["GPL-2.0-only"]},
        newcomer={"License-Expression": ["GPL-3.0-only"]},
        silent={},
    )
    assert list(complain(installed)) == [
        "newcomer: its licence is GPL-3.0-only",
        "silent: its licence is not stated",
    ]
