"""The text of a poll: what is asked, and the options by name."""

from __future__ import annotations

import pytest

from backend.polls import PollTextInvalid, compose, parse
from backend.polls.text import options_in


def test_the_last_numbered_list_names_the_options():
    text = compose("# What shall we buy?\n\nBids are in the thread.", ["A bread oven", "Nothing; keep it"])
    found = parse(text)
    assert found.title == "What shall we buy?"
    assert found.question == "# What shall we buy?\n\nBids are in the thread."
    assert found.options == ("A bread oven", "Nothing; keep it")
    assert options_in(text, 2) == found.options
    assert options_in(text, 3) is None


def test_an_earlier_list_belongs_to_the_question():
    text = "Rules:\n1. be kind\n2. be brief\n\nWho keeps the till?\n\n1. Ada\n\n2. Bo\n"
    found = parse(text)
    assert found.options == ("Ada", "Bo")
    assert found.question.endswith("Who keeps the till?")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Shall we?",
        "1. a\n2. b\nand so on",
        "2. b\n3. c",
        "1. a\n3. c",
        "1) a\n2) b",
        "- a\n- b",
        " 1. indented\n 2. twice",
        "1.\n2.",
    ],
)
def test_a_text_without_such_a_list_names_no_options(text):
    assert parse(text).options == ()


def test_a_list_that_starts_again_is_the_later_one():
    assert parse("1. a\n2. b\n1. c\n2. d").options == ("c", "d")


@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("", ["a", "b"]),
        ("Which?", ["a\nb", "c"]),
        ("Which?", ["", "c"]),
        ("Which?", ["x" * 201, "c"]),
    ],
)
def test_what_would_not_read_back_is_not_written(question, options):
    with pytest.raises(PollTextInvalid):
        compose(question, options)


def test_a_list_at_the_end_of_the_question_is_none_of_the_options():
    found = parse(compose("Which?\n\n1. first", ["a", "b"]))
    assert (found.question, found.options) == ("Which?\n\n1. first", ("a", "b"))


@pytest.mark.parametrize("text", ["\x00", "🍞" * 1000, "\r\n" * 9, "1. " + "y" * 5000, "\u2028".join("abc")])
def test_any_text_can_be_read(text):
    parse(text)
