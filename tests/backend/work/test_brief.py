"""What the text of an assignment says to people and to the planner."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.work import Brief, BriefInvalid, SkillsInvalid, compose, parse
from backend.work import skills as names

WHOLE = """# Bake for the street party

Skills: first aid,  Baking
Hours: 3
Where: The hall, back door

The oven is hot at nine.

Skills: this line is text.
"""


def test_a_brief_says_what_helps_how_long_and_where():
    assert parse(WHOLE) == Brief(
        "Bake for the street party",
        "The oven is hot at nine.\n\nSkills: this line is text.",
        ("baking", "first aid"),
        180,
        "The hall, back door",
    )


@pytest.mark.parametrize(
    ("text", "brief"),
    [
        ("", Brief("")),
        ("Clean up", Brief("Clean up")),
        ("Clean up\nBring gloves.", Brief("Clean up", "Bring gloves.")),
        ("Clean up\nHOURS: 1.5\nBring gloves.", Brief("Clean up", "Bring gloves.", minutes=90)),
        ("Clean up\n\nHours: a few\nWhere: here", Brief("Clean up", "Hours: a few\nWhere: here")),
        ("Clean up\nHours: 0", Brief("Clean up", "Hours: 0")),
        ("Clean up\nHours: 169", Brief("Clean up", "Hours: 169")),
        ("Clean up\nHours: 1\nHours: 2", Brief("Clean up", "Hours: 2", minutes=60)),
        ("Clean up\nSkills: a,,b", Brief("Clean up", "Skills: a,,b")),
        ("Clean up\nSkills:", Brief("Clean up", "Skills:")),
        ("Clean up\nBring: gloves\nHours: 2", Brief("Clean up", "Bring: gloves\nHours: 2")),
    ],
)
def test_any_text_is_a_brief_and_a_line_that_does_not_read_is_text(text: str, brief: Brief):
    assert parse(text) == brief


words = st.text("abc ,:.-ABC", max_size=20)


@given(
    words,
    words,
    st.lists(st.sampled_from(["baking", "first aid", "a,b", "", "Driving"]), unique=True),
    st.none() | st.integers(-1, 11_000),
    st.none() | words,
)
def test_what_is_composed_reads_back_or_is_refused(title, body, skills, minutes, where):
    try:
        text = compose(title, body, skills=skills, minutes=minutes, where=where)
    except BriefInvalid:
        return
    read = parse(text)
    assert read.title == title.strip()
    assert (read.body, read.skills, read.minutes) == (body.strip(), tuple(sorted(skills)), minutes)
    assert read.where == (where if where is None else where.strip())


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"title": " "}, "the title is empty"),
        ({"title": "one\ntwo"}, "the title is one line"),
        ({"title": "Clean", "skills": ["a,b"]}, "the skills do not read back"),
        ({"title": "Clean", "minutes": 0}, "the work takes 1 minute to 168 hours; got 0 minutes"),
        ({"title": "Clean", "minutes": 10_081}, "got 10081 minutes"),
        ({"title": "Clean", "where": "here\nthere"}, "the place is one line"),
        ({"title": "Clean", "where": ""}, "the place is one line"),
        ({"title": "Clean", "body": "Hours: 3"}, "the work takes"),
    ],
)
def test_what_would_not_read_back_is_refused(given_: dict, said: str):
    with pytest.raises(BriefInvalid, match=said):
        compose(**given_)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,,b", "no skill between two commas"),
        ("x" * 41, "1 to 40 letters"),
        ("cook\x00ing", "1 to 40 letters"),
        (", ".join(f"s{n}" for n in range(21)), "at most 20 skills are listed; got 21"),
    ],
)
def test_skills_that_are_none_are_told(text: str, said: str):
    with pytest.raises(SkillsInvalid, match=said):
        names.parse(text)


def test_skills_are_compared_without_case_and_needless_blanks():
    assert names.parse("First  Aid, cooking,COOKING") == ("cooking", "first aid")
    assert names.parse("  ") == ()
    assert names.written(names.parse("b, a")) == "a, b"
