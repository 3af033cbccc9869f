"""Topics, modules, the charter and resolutions: what the constitution lists."""

import pytest
from brownie import ZERO_ADDRESS, reverts

from scripts import commune as communes
from tests.contracts.errors import error

TEXT = bytes.fromhex(communes.text_hash("We share the tools.").removeprefix("0x"))


def test_topics_are_numbered_from_one_and_never_removed(constitution, timelock):
    names = ["general", "food", "housing"]
    assert [constitution.topicName(topic) for topic in (1, 2, 3)] == names
    tx = constitution.addTopic("care", timelock)
    assert tx.events["TopicAdded"] == {"topic": 4, "name": "care"}
    assert constitution.topicCount() == 4
    assert [constitution.topicExists(topic) for topic in (0, 1, 4, 5)] == [False, True, True, False]


def test_a_topic_has_a_name(constitution, timelock):
    with reverts("ConstitutionEmptyName: "):
        constitution.addTopic("", timelock)


@pytest.mark.skip_coverage  # a trace with all these calls in memory at each step takes 20 GB
def test_there_are_at_most_255_topics(commune, constitution, timelock):
    one_more = commune.powers.execute.encode_input(
        constitution, constitution.addTopic.encode_input("one more")
    )
    for count in (126, 126):
        commune.powers.multicall([one_more] * count, timelock)
    assert constitution.topicCount() == 255
    with reverts(error("ConstitutionTopicsExhausted", 255)):
        constitution.addTopic("one too many", timelock)


def test_modules_are_found_by_name(commune, constitution, timelock):
    for name, contract in commune.modules().items():
        assert constitution.moduleAt(communes.bytes32(name)) == contract.address
    assert constitution.moduleAt(communes.bytes32("nonsense")) == ZERO_ADDRESS
    tx = constitution.setModule(communes.bytes32("offices"), commune.docket, timelock)
    assert tx.events["ModuleSet"]["module"] == commune.docket.address
    with reverts("ConstitutionEmptyName: "):
        constitution.setModule(b"\0" * 32, commune.docket, timelock)


def test_the_charter_is_a_texts_hash(constitution, constitution_file, timelock):
    charter = communes.text_hash(constitution_file.charter)
    assert bytes(constitution.charter()).hex() == charter.removeprefix("0x")
    constitution.setCharter(TEXT, timelock)
    assert bytes(constitution.charter()) == TEXT


def test_a_text_has_a_hash(constitution, timelock):
    for adopt in (constitution.setCharter, constitution.adopt):
        with reverts("ConstitutionZeroTextHash: "):
            adopt(b"\0" * 32, timelock)


def test_the_commune_says_where_it_is_described(constitution, timelock):
    assert constitution.daoURI() == ""
    tx = constitution.setDaoURI("https://commune.example/dao.json", timelock)
    assert tx.events["DAOURIUpdate"]["daoURI"] == "https://commune.example/dao.json"
    assert constitution.daoURI() == "https://commune.example/dao.json"


def test_a_rule_is_listed_and_taken_off_the_list(commune, constitution, timelock):
    selector = communes.selector(commune.membership, "leave")
    tx = constitution.setRule(commune.membership, selector, communes.ORDINARY, timelock)
    assert tx.events["RuleSet"]["kind"] == communes.ORDINARY
    assert constitution.ruleOf(commune.membership, selector) == communes.ORDINARY
    constitution.setRule(commune.membership, selector, communes.CONSTITUTIONAL, timelock)
    assert constitution.ruleOf(commune.membership, selector) == communes.CONSTITUTIONAL


def test_what_was_signed_at_the_founding_does_not_change_with_later_decisions(constitution, timelock):
    signed = constitution.constitutionHash()
    constitution.addTopic("care", timelock)
    constitution.setParameter(communes.bytes32("assembly.sponsors"), 3, timelock)
    assert constitution.constitutionHash() == signed
