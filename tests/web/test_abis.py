"""What the page carries of the contracts: their functions, their errors, and sentences for these."""

from __future__ import annotations

import json
import re

import pytest

from backend.cli import refusals
from backend.deployment import MODULES
from tools.abis import PAGE, PAGE_MODULES, page_abis

SENTENCES = {
    language: json.loads((PAGE / f"refusals/{language}.json").read_text()) for language in ("en", "es")
}
ERRORS = {
    entry["name"]: {argument["name"] for argument in entry["inputs"]}
    for entry in json.loads((PAGE / "errors.json").read_text())
}


@pytest.mark.parametrize("name", ["functions.json", "events.json", "errors.json"])
def test_what_the_page_calls_is_what_the_contracts_have(name):
    assert (PAGE / name).read_text() == page_abis()[name], "run `./dev abis` and commit web/src/chain/"


def test_the_page_names_modules_as_everybody_does():
    assert PAGE_MODULES.items() <= MODULES.items()


def values(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_every_error_that_has_a_sentence_in_the_command_line_has_one_in_both_languages_of_the_page():
    told = set(refusals.SENTENCES) | set(refusals.RELAY_SENTENCES)
    for language, sentences in SENTENCES.items():
        assert told <= set(sentences), language
    assert set(SENTENCES["en"]) == set(SENTENCES["es"])


@pytest.mark.parametrize("language", SENTENCES)
def test_sentences_speak_of_what_the_error_says(language):
    for error, sentence in SENTENCES[language].items():
        assert values(sentence) == values(SENTENCES["en"][error]), error
        if error in ERRORS:
            assert values(sentence) <= ERRORS[error], error


def test_the_page_reads_the_numbers_of_enums_as_the_command_line_does():
    source = (PAGE / "refusal.ts").read_text()
    constants = {
        name: re.findall(r'"(\w+)"', listed)
        for name, listed in re.findall(r"const ([A-Z]+) = \[(.*?)\];", source, re.S)
    }
    table = source[
        source.index("export const NAMES") : source.index("\n};", source.index("export const NAMES"))
    ]
    found = {}
    for error, fields in re.findall(r"^  (\w+): \{(.*?)\},?$(?=\n  \w|\Z)", table, re.S | re.M):
        found[error] = {
            field: tuple(constants[value] if value in constants else re.findall(r'"(\w+)"', value))
            for field, value in re.findall(r"(\w+): ([A-Z]+|\[.*?\](?=,?\s*(?:\}|$)))", fields, re.S)
        }
    assert found == refusals._NAMES
    named = {f"state.{name}" for fields in found.values() for names in fields.values() for name in names}
    assert named <= set(SENTENCES["en"])
