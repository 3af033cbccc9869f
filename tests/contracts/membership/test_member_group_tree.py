"""The members' tree beside Semaphore's own: roots while nobody is in it, siblings in trees of every shape."""

from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.membership import semaphore
from tests.contracts.membership.steps import admit_directly
from tests.contracts.people import person


def test_a_group_whose_only_member_left_has_no_root(group, membership, alice, keys):
    group.register(*keys[0].key, alice.tx)
    membership.leave(alice.tx)
    assert (group.root(), group.size(), group.listed()) == (0, 1, 0)


def test_there_is_no_leaf_beyond_the_last(group, alice, keys):
    for read in (group.leafAt, group.siblingsOf):
        with reverts(error("MemberGroupUnknownLeaf", 0, 0)):
            read(0)
    group.register(*keys[0].key, alice.tx)
    assert list(group.siblingsOf(0)) == []
    for read in (group.leafAt, group.siblingsOf):
        with reverts(error("MemberGroupUnknownLeaf", 1, 1)):
            read(1)


def test_siblings_are_those_of_semaphores_group(group, commune, keys):
    """In trees of one to eleven leaves, full and partial at every level."""
    people = [person(index) for index in range(1, 12)]
    admit_directly(commune, *people[5:])
    told = []
    for who, key in zip(people, keys, strict=False):
        group.register(*key.key, who.tx)
        told.append([list(group.siblingsOf(index)) for index in range(group.size())])
    leaves = [key.commitment for key in keys]
    assert told == semaphore.siblings(*(leaves[:count] for count in range(1, 12)))
