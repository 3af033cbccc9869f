"""The members' tree beside Semaphore's own: roots while nobody is in it, siblings in trees of every shape."""

from brownie import reverts, web3

from benchmarks._semaphore import put
from scripts.poseidon import init_code
from tests.contracts.errors import error
from tests.contracts.membership import semaphore
from tests.contracts.membership.steps import admit_directly
from tests.contracts.people import person
from zk._field import R
from zk._poseidon import poseidon

# Where MemberGroup.sol keeps how many leaves are given (32 bits) and listed.
COUNTS_SLOT = 36
# Where anyone can deploy the published Poseidon, through the proxy that stands on most chains.
POSEIDON = "0x3333333C0A88F9BE4fd23ed0536F9B6c427e3B93"
PROXY, SALT = "4e59b44847b379578588920ca78fbf26c0b4956c", 0x25651515


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


def test_each_empty_tree_is_two_empty_ones_of_the_level_below(group, alice, keys):
    """Up to the deepest there may ever be: with 2^31 + 1 leaves given, nothing but empty trees is beside the
    last one's path, except for the other half."""
    half = 1 << 31
    put(group, COUNTS_SLOT, half + 1)
    *empty, left = (int(node) for node in group.siblingsOf(half))
    assert (group.size(), group.depth()) == (1 << 32, 32)
    assert (empty[0], left, len(empty)) == (0, 0, 31)
    assert empty[1:] == [poseidon([node, node]) for node in empty[:-1]]


def test_leaving_stays_affordable_in_the_largest_group_there_can_be(group, membership, alice, keys):
    """Half of all memberIds there are have registered, all nodes above the first leaf are new to storage."""
    group.register(*keys[0].key, alice.tx)
    put(group, COUNTS_SLOT, 1 << 32 | 1 << 31)
    tx = membership.leave(alice.tx)
    assert group.identityOf(1) == (0, 0, False)
    assert tx.gas_used < 1_700_000


def test_a_group_without_poseidon_is_not_deployed(commune, deployer, project_contracts, stranger):
    with reverts(error("PoseidonFailed", stranger)):
        project_contracts["MemberGroup"].deploy(
            commune.forwarder, commune.constitution, commune.membership, stranger.address, {"from": deployer}
        )


def test_poseidon_hashes_as_circomlib(commune):
    for pair in ((0, 0), (1, 2), (R - 1, R - 2)):
        assert commune.poseidon.hash(pair) == poseidon(list(pair))


def test_the_poseidon_we_deploy_is_the_one_that_others_use():
    """Its address on all those chains follows from its init code (EIP-1014)."""
    code = web3.keccak(hexstr=init_code())
    preimage = b"\xff" + bytes.fromhex(PROXY) + SALT.to_bytes(32, "big") + bytes(code)
    assert web3.to_checksum_address(bytes(web3.keccak(preimage))[12:]) == POSEIDON
