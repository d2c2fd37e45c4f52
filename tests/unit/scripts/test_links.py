"""The link gate, on made-up pages."""

from pathlib import Path

from scripts.links import anchors, broken_links


def write(folder: Path, name: str, text: str) -> Path:
    page = folder / name
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, "utf-8")
    return page


def test_links_to_files_folders_headings_and_other_sites_pass(tmp_path: Path) -> None:
    write(tmp_path, "docs/guide.md", "# 取得を始める\n\n## What `run` does, and why\n")
    write(tmp_path, "docs/picture one.png", "")
    page = write(
        tmp_path,
        "README.md",
        "# Top\n[a](docs/guide.md) [b](docs) [c](docs/guide.md#取得を始める) [d](#top)\n"
        "[e](docs/guide.md#what-run-does-and-why) ![f](docs/picture%20one.png)\n"
        "[g](https://example.com/nowhere) [h](mailto:a@example.com)\n",
    )
    assert list(broken_links(page, tmp_path)) == []


def test_a_link_that_leads_nowhere_is_named_with_its_line(tmp_path: Path) -> None:
    page = write(tmp_path, "README.md", "# Top\n\nfine\n\n[a](gone.md)\n\n![b](gone.png)\n")
    assert list(broken_links(page, tmp_path)) == [
        "README.md:5: gone.md leads nowhere",
        "README.md:7: gone.png leads nowhere",
    ]


def test_a_missing_heading_is_named(tmp_path: Path) -> None:
    write(tmp_path, "guide.md", "# There\n")
    page = write(tmp_path, "README.md", "[a](guide.md#not-there) [b](#nor-here)\n")
    assert list(broken_links(page, tmp_path)) == [
        "README.md:1: guide.md#not-there has no such heading",
        "README.md:1: #nor-here has no such heading",
    ]


def test_a_link_out_of_the_tree_is_refused_even_where_a_file_is(tmp_path: Path) -> None:
    write(tmp_path, "outside.md", "")
    page = write(tmp_path, "tree/README.md", "[a](../outside.md)\n")
    assert list(broken_links(page, tmp_path / "tree")) == [
        "README.md:1: ../outside.md leads out of the tree"
    ]


def test_links_in_tables_count_and_links_in_code_do_not(tmp_path: Path) -> None:
    page = write(
        tmp_path,
        "README.md",
        "`[a](gone1.md)`\n\n```\n[b](gone2.md)\n```\n\n| x |\n|---|\n| [c](gone3.md) |\n",
    )
    assert list(broken_links(page, tmp_path)) == ["README.md:9: gone3.md leads nowhere"]


def test_headings_of_the_same_words_are_numbered(tmp_path: Path) -> None:
    page = write(tmp_path, "guide.md", "# Setup\n## Setup\n## Setup\n")
    assert anchors(page) == {"setup", "setup-1", "setup-2"}
