"""People and quotas are read from CSV, and what does not read names its line."""

import pytest

from backend.panels import (
    People,
    PeopleInvalid,
    Person,
    Quota,
    QuotasInvalid,
    TooFewPeople,
    draw_up,
    mirror,
    read_people,
    read_quotas,
)

PEOPLE = "id,gender\nann,woman\nbob,man\ncleo,woman\n"
QUOTAS = "attribute,value,min,max\ngender,woman,1,1\ngender,man,1,1\n"


def test_people_are_sorted_by_id_with_their_attributes():
    assert read_people("gender , id\n man,bob\n\nwoman, ann \n") == People(
        ("gender",), (Person("ann", ("woman",)), Person("bob", ("man",)))
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "needs a header and at least one line"),
        ("id,gender\n", "needs a header and at least one line"),
        ("name,gender\nann,woman\n", "one column named id; there are name, gender"),
        ("id,id,gender\nann,ann,woman\n", "one column named id"),
        ("id\nann\n", "at least one attribute"),
        ("id,gender,gender\nann,woman,woman\n", "a column of its own name"),
        ("id,gender\nann,woman\nbob\n", "line 3 has 1 cells, the header 2"),
        ("id,gender\nann,woman\nbob,man,x\n", "line 3 has 3 cells, the header 2"),
        ("id,gender\nann,woman\nbob,man\nann,man\n", "line 4: ann is on line 2 already"),
        ("id,gender\nann,\n", "line 2: gender takes 1 to 100 letters; it has 0"),
        ("id,gender\n" + "a" * 101 + ",man\n", "line 2: id takes 1 to 100 letters; it has 101"),
        ('id,gender\nann,"woman\n', "line 2"),
    ],
)
def test_malformed_people_are_refused_with_their_line(text, told):
    with pytest.raises(PeopleInvalid, match=told):
        read_people(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("gender,woman,1,1\n", "needs a header"),
        ("attribute,value,most,least\ngender,woman,1,1\n", "the columns are attribute, value, min, max"),
        ("attribute,value,min,max\ngender,woman,1\n", "line 2 has 3 cells"),
        ("attribute,value,min,max\ngender,woman,one,1\n", "line 2: min takes a whole number; got 'one'"),
        ("attribute,value,min,max\ngender,woman,1,-1\n", "line 2: max takes a whole number; got '-1'"),
    ],
)
def test_malformed_quotas_are_refused_with_their_line(text, told):
    with pytest.raises(QuotasInvalid, match=told):
        read_quotas(text)


def test_a_mirror_takes_of_each_value_its_share_rounded_down_or_up():
    assert mirror(read_people(PEOPLE), 2) == (Quota("gender", "man", 0, 1), Quota("gender", "woman", 1, 2))


@pytest.mark.parametrize(
    ("quotas", "size", "told"),
    [
        (QUOTAS, 0, "a panel has at least one seat; got 0"),
        (QUOTAS + "gender,man,0,1\n", 2, "gender man has two quotas"),
        (QUOTAS.replace("woman,1,1", "woman,2,1"), 2, "gender woman asks for at least 2 and at most 1"),
        (QUOTAS.replace("gender,man,1,1\n", ""), 2, "bob has the gender man, for which there is no quota"),
        (QUOTAS, 3, "the quotas of gender add up to 2 to 2 seats, the panel has 3"),
        (QUOTAS + "age,old,0,1\n", 2, "there are quotas for age, and the people's attributes are gender"),
    ],
)
def test_quotas_that_make_no_sense_are_refused(quotas, size, told):
    with pytest.raises(QuotasInvalid, match=told):
        draw_up(read_people(PEOPLE), read_quotas(quotas), size)


def test_fewer_people_than_seats_are_refused():
    with pytest.raises(TooFewPeople, match="3 people are fewer than the 4 seats"):
        draw_up(read_people(PEOPLE), read_quotas(QUOTAS), 4)


@pytest.mark.parametrize("tickets", [0, 100_001])
def test_a_lottery_has_a_sensible_number_of_tickets(tickets):
    with pytest.raises(QuotasInvalid, match=f"1 to 100000 tickets; got {tickets}"):
        draw_up(read_people(PEOPLE), read_quotas(QUOTAS), 2, tickets=tickets)
