"""The gate for translations, on made-up catalogues."""

import io

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from scripts.translations import complain

Texts = dict[str | tuple[str, str], str | tuple[str, str]]


def catalogue(texts: Texts) -> Catalog:
    made = Catalog(locale="en")
    for text, english in texts.items():
        made.add(text, english)
    return made


def compiled(source: Catalog) -> bytes:
    file = io.BytesIO()
    write_mo(file, source)
    return file.getvalue()


def complaints(used: Texts, english: Texts) -> list[str]:
    kept = catalogue(english)
    return list(complain(catalogue(used), kept, compiled(kept)))


def test_a_complete_catalogue_passes() -> None:
    used: Texts = {"口座": "", ("%(n)s件", "%(n)s件"): ("", "")}
    english: Texts = {"口座": "Account", ("%(n)s件", "%(n)s件"): ("%(n)s row", "%(n)s rows")}
    assert complaints(used, english) == []


def test_a_text_that_is_new_and_one_that_is_gone_are_named() -> None:
    assert complaints({"明細": ""}, {"口座": "Account"}) == [
        "not in django.po: 明細",
        "no longer used: 口座",
    ]


def test_a_text_without_english_or_without_its_plural_is_named() -> None:
    used: Texts = {"口座": "", ("%(n)s件", "%(n)s件"): ("", "")}
    english: Texts = {"口座": "", ("%(n)s件", "%(n)s件"): ("%(n)s row", "")}
    assert complaints(used, english) == [
        "no English: ('%(n)s件', '%(n)s件')",
        "no English: 口座",
    ]


def test_english_that_names_a_value_the_text_does_not_have_is_refused() -> None:
    assert complaints({"%(count)s件": ""}, {"%(count)s件": "%(total)s rows"}) == [
        "names a value that the text does not have: %(count)s件"
    ]


def test_a_compiled_catalogue_that_is_older_is_refused() -> None:
    newer = catalogue({"口座": "Account"})
    older = compiled(catalogue({"口座": "account"}))
    assert list(complain(newer, newer, older)) == ["django.mo is older than django.po"]
