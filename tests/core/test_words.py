"""The words: every message of the code has its Indonesian, and numbers follow the language."""

import ast
import gettext
import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import gisapp
from gisapp.core import words

PACKAGE = Path(gisapp.__file__).parent
INDONESIAN = PACKAGE / "locale" / "id" / "LC_MESSAGES" / "gisapp.po"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def fields(text: str) -> Counter[str]:
    """The placeholders, each with its number; a brace that stands alone counts as one."""
    return Counter(re.findall(r"\{[^{}\s]*\}|[{}]", text))


@pytest.fixture(scope="module")
def said() -> set[tuple[str, ...]]:
    """Every message in the code: (singular,) or (singular, plural)."""
    found = extract_from_dir(PACKAGE, [("**.py", "python")], keywords=KEYWORDS)
    return {forms(message) for _file, _line, message, _comments, _context in found}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with INDONESIAN.open("rb") as file:
        return read_po(file, locale="id")


@pytest.fixture(scope="module")
def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def test_the_catalogue_holds_what_the_code_says(
    said: set[tuple[str, ...]], messages: list[Message], catalogue: Catalog
) -> None:
    """Run ``make words`` where this fails."""
    assert said
    assert {forms(message.id) for message in messages} == said
    assert not catalogue.obsolete


def test_no_message_hides_where_it_is_not_found(said: set[tuple[str, ...]]) -> None:
    """Inside an f-string or another message, where the extractor does not look."""
    called = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KEYWORDS:
                texts = [x.value for x in node.args if isinstance(x, ast.Constant)]
                called.add(tuple(x for x in texts if isinstance(x, str)))
    assert {x for x in called if x} - said == set()


def test_every_message_has_its_indonesian(messages: list[Message]) -> None:
    assert [message.id for message in messages if not all(forms(message.string))] == []
    assert [message.id for message in messages if message.fuzzy] == []


def test_a_translation_fills_in_the_same_fields(messages: list[Message]) -> None:
    wrong = [
        message.id
        for message in messages
        for text in forms(message.string)
        if text and fields(text) != fields(forms(message.id)[-1])
    ]
    assert wrong == []


@pytest.mark.parametrize("sign", ["&", "…", "“", "--map", "\n", "(*."])
def test_a_translation_keeps_what_has_a_meaning(sign: str, messages: list[Message]) -> None:
    """Access keys, dots of a dialog to come, quoted names, options, patterns of file names."""
    lost = [
        (message.id, text)
        for message in messages
        for text in forms(message.string)
        if sign in forms(message.id)[-1] and sign not in text
    ]
    assert lost == []


def test_what_is_compiled_is_what_is_written(messages: list[Message]) -> None:
    with INDONESIAN.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in messages:
        if isinstance(message.id, str):
            assert compiled.gettext(message.id) == message.string
        else:
            assert compiled.ngettext(*message.id, 2) == message.string[0]


def test_numbers_are_written_in_each_language_s_manner() -> None:
    assert words.number(1234.5, 1) == "1,234.5"
    with words.speaking("id"):
        assert words.number(1234.5, 1) == "1.234,5"
        assert words.number(1234.5) == "1.234"
        assert words.day("2026-11-01") == "1 November 2026"
    assert words.day("") == ""


def test_speaking_holds_inside_its_block_only() -> None:
    with words.speaking("id"):
        assert words.language() == "id"
    assert words.language() == "en"


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "id_ID.UTF-8"}, "id"),
        ({"LANG": "id_ID.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "nl_NL.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "GISAPP_LANG": "id"}, "id"),
    ],
)
def test_the_environment_chooses_the_language(
    environment: dict[str, str], spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LANG")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert words.language_of_environment() == spoken


def test_a_language_that_we_do_not_speak_is_a_bug() -> None:
    with pytest.raises(ValueError, match="no such language"):
        words.set_language("nl")


def test_a_label_falls_back_to_english() -> None:
    with words.speaking("id"):
        assert words.label({"en": "Zone", "id": "Zona"}) == "Zona"
        assert words.label({"en": "Zone"}) == "Zone"
    assert words.label({}) == ""
