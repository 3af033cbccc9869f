"""A published lottery reads back as it was, and one that is not what it says is refused."""

import json

import pytest
from eth_hash.auto import keccak

from backend.panels import DocumentInvalid, draw_up, parse, read_people, read_quotas

PEOPLE = read_people("id,gender,area\nann,woman,north\nbob,man,north\ncleo,woman,south\nzoë,man,south\n")
QUOTAS = read_quotas("attribute,value,min,max\ngender,woman,1,1\ngender,man,1,1\n")
DOCUMENT = draw_up(PEOPLE, QUOTAS, 2, tickets=10)


def encoded(fields):
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def changed(**fields):
    return encoded({**json.loads(DOCUMENT.encode()), **fields})


def test_it_reads_back_and_its_hash_is_that_of_its_bytes():
    data = DOCUMENT.encode()
    assert parse(data) == DOCUMENT
    assert DOCUMENT.hash == keccak(data)


def test_what_has_no_quota_is_not_published():
    assert DOCUMENT.people.attributes == ("gender",)
    assert "north" not in DOCUMENT.encode().decode()


def test_a_ticket_names_its_members():
    first = [person.id for person in DOCUMENT.members(0)]
    assert len(first) == 2
    assert {*first} <= {"ann", "bob", "cleo", "zoë"}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xff", "it is not JSON"),
        (b"[]", "its fields are not"),
        (changed(more=1), "its fields are not"),
        (changed(size="2"), "its size is not of the kind int"),
        (changed(size=True), "its size is not of the kind int"),
        (changed(version=2), "its version is 2; this program reads 1"),
        (changed(people=[["ann", "woman"], ["ann", "woman"]]), "order of their ids, each once"),
        (changed(people=[["ann"]]), "number 0 of its people does not read"),
        (changed(attributes=[1]), "its attributes are not names"),
        (changed(attributes=["sex"]), "there are quotas for gender, and the people's attributes are sex"),
        (changed(quotas=[["gender", "woman", 1]]), "number 0 of its quotas does not read"),
        (changed(quotas=[["gender", "woman", 2, 2]]), "bob has the gender man, for which there is no quota"),
        (changed(panels=[]), "it has no tickets"),
        (changed(panels=[[0, 1.0]]), "number 0 of its panels does not read"),
        (changed(panels=[[1, 0]]), "ticket 0 does not have 2 people in order, each once"),
        (changed(panels=[[0, 0]]), "ticket 0 does not have 2 people in order, each once"),
        (changed(panels=[[0, 4]]), "ticket 0 has somebody who is not in the pool"),
        (changed(panels=[[-1, 1]]), "ticket 0 has somebody who is not in the pool"),
        (changed(panels=[[0, 2]]), "ticket 0 has 2 of gender woman; the quota is 1 to 1"),
        (changed(chances=[10, 10, 0, 0]), "its chances are not what its panels give"),
        (DOCUMENT.encode() + b"\n", "not in the canonical form"),
    ],
)
def test_a_document_that_is_not_what_it_says_is_refused(data, told):
    with pytest.raises(DocumentInvalid, match=told):
        parse(data)
