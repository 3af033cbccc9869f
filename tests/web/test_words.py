"""The page says the same in every language: the same keys and values, and none that nothing says."""

import json
import re
from pathlib import Path

import pytest

WORDS = Path(__file__).resolve().parents[2] / "web/src/words"
LANGUAGES = sorted(folder.name for folder in WORDS.iterdir() if folder.is_dir())
PLACES = sorted(path.stem for path in (WORDS / "en").glob("*.json"))
PLURAL = re.compile(r"\.(zero|one|two|few|many|other)$")


def words(language: str, place: str) -> dict[str, str]:
    pairs = json.loads((WORDS / language / f"{place}.json").read_text(), object_pairs_hook=list)
    keys = [key for key, _ in pairs]
    assert sorted(set(keys)) == sorted(keys), f"{language}/{place}.json says something twice"
    return dict(pairs)


def values(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_there_are_two_languages_from_the_start():
    assert LANGUAGES == ["en", "es"]


@pytest.mark.parametrize("place", PLACES)
def test_every_language_says_the_same_of_a_place(place):
    english, spanish = words("en", place), words("es", place)
    assert set(english) == set(spanish)
    assert {key: values(english[key]) for key in english} == {key: values(spanish[key]) for key in english}
    assert [key for key, text in (english | spanish).items() if not text.strip()] == []


@pytest.mark.parametrize("place", PLACES)
def test_a_places_words_are_its_own_and_those_that_count_have_both_forms(place):
    for key in words("en", place):
        if PLURAL.search(key):
            stem = PLURAL.sub("", key)
            assert {f"{stem}.one", f"{stem}.other"} <= set(words("en", place)), key
            assert stem not in words("en", place), f"{stem} is a key beside its own plurals"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_written_is_loaded(language):
    listed = re.findall(r'from "\./(\w+)\.json"', (WORDS / language / "index.ts").read_text())
    assert sorted(listed) == PLACES


def test_no_word_is_left_that_nothing_says():
    """A key is used whole, or by the part before what the code fills in."""
    sources = [path for path in WORDS.parent.rglob("*.ts*") if path.suffix in (".ts", ".tsx")]
    code = "\n".join(path.read_text() for path in sources)
    whole = set(re.findall(r'["`]([a-z][\w-]*(?:\.[\w-]+)+)["`]', code))
    begun = set(re.findall(r'["`]([a-z][\w-]*(?:\.[\w-]+)*\.)(?:\$\{|["`] *\+)', code))
    begun |= {f"{stem}." for stem in re.findall(r'\bnamed\("([\w.-]+)"', code)}
    keys = [key for place in PLACES for key in words("en", place)]
    said = [key for key in keys if {key, PLURAL.sub("", key)} & whole or key.startswith(tuple(begun))]
    assert sorted(set(keys) - set(said)) == []
