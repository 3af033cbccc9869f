"""The demo's scenario, played on a chain to its end: the chain confirms every result that the file names."""

import pytest
from brownie import accounts

from scripts import commune as communes
from scripts import demo, scenario
from tests.contracts.people import EXPELLED, LEFT, MEMBER_ACTIVE, founded_by, person


def deployed_for(story):
    constitution = communes.Constitution.load(story.constitution, topics=story.topics, charter=story.charter)
    return founded_by([person(p.number) for p in story.founders], accounts[0], constitution)


@pytest.fixture
def food_coop():
    return scenario.read(scenario.SCENARIOS / "food-coop.toml")


def test_the_food_coop_lives_through_its_scenario(food_coop, capsys):
    commune = deployed_for(food_coop)
    play = demo.Play(food_coop, commune, demo.Narrator())
    play.founding()
    play.all()
    play.summary()

    number = {p.name: p.number for p in food_coop.people}
    status = {name: commune.membership.statusOf(member) for name, member in number.items() if member <= 25}
    assert status.pop("Selim") == EXPELLED
    assert status.pop("Uma") == LEFT
    assert set(status.values()) == {MEMBER_ACTIVE}
    assert commune.membership.accountOf(number["Ines"]) != accounts[number["Ines"]]
    assert commune.membership.accountOf(number["Tove"]) != accounts[number["Tove"]]
    assert commune.constitution.parameter(communes.bytes32("presence.period"))[0] == 15_552_000
    assert commune.reputation.totalScore(number["Femi"]) > 0
    assert commune.presence.checkInCount(number["Kemal"]) == 1
    assert {communes.text_hash(text): text for text in play.texts.values()} == play.texts

    told = capsys.readouterr().out
    for line in ("no externally owned account holds any power", "DEFEATED", "the chain refuses"):
        assert line in told


SHORT = """
title = "Short"
topics = ["general"]
charter = "We."
[[person]]
name = "Ann"
profile = "P"
founder = true
[[person]]
name = "Bea"
profile = "P"
founder = true
[[person]]
name = "Cem"
profile = "P"
founder = true
[[person]]
name = "Dan"
profile = "P"
[[step]]
do = "apply"
who = ["Dan"]
[[step]]
do = "vouch"
by = ["Ann"]
whom = "Dan"
"""


@pytest.mark.parametrize(
    ("step", "complaint"),
    [
        (
            'do = "vouch"\nby = ["Ann"]\nwhom = "Dan"',
            "27: step `vouch`: the chain refused it: AdmissionVouchTwice: 1, 1",
        ),
        (
            'do = "vouch"\nby = ["Ann"]\nwhom = "Dan"\nrefused = "AdmissionExpired"',
            "27: step `vouch`: the chain refused it: AdmissionVouchTwice: 1, 1",
        ),
        (
            'do = "vouch"\nby = ["Bea"]\nwhom = "Dan"\nrefused = "AdmissionVouchTwice"',
            "27: step `vouch`: the chain was to refuse it with AdmissionVouchTwice, and did not",
        ),
        (
            'do = "vouch"\nby = ["Ann"]\nwhom = "Dan"\ngasless = true',
            "27: step `vouch`: the chain refused it: AdmissionVouchTwice: 1, 1",
        ),
    ],
)
def test_a_story_that_the_chain_contradicts_stops_at_its_step(short_commune, tmp_path, step, complaint):
    path = tmp_path / "short.toml"
    path.write_text(f"{SHORT}[[step]]\n{step}\n")
    with pytest.raises(demo.StoryBroke, match=r"short\.toml") as broke:
        demo.Play(scenario.read(path), short_commune, demo.Narrator()).all()
    assert str(broke.value).endswith(complaint)


@pytest.fixture(scope="module")
def short_commune(tmp_path_factory):
    path = tmp_path_factory.mktemp("story") / "short.toml"
    path.write_text(SHORT)
    return deployed_for(scenario.read(path))


def test_a_story_with_more_people_than_accounts_is_not_begun(food_coop, short_commune, monkeypatch):
    monkeypatch.setattr(demo, "accounts", list(accounts)[:10])
    with pytest.raises(demo.StoryBroke, match=r"takes 27 accounts, the chain has 10"):
        demo.Play(food_coop, short_commune, demo.Narrator())
