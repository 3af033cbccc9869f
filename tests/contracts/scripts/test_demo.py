"""A story is told only as far as the chain confirms it. The whole food co-op is played by tests/scripts."""

import pytest
from brownie import accounts

from scripts import commune as communes
from scripts import demo, scenario
from tests.contracts.people import founded_by, person


def deployed_for(story):
    constitution = communes.Constitution.load(story.constitution, topics=story.topics, charter=story.charter)
    return founded_by([person(p.number) for p in story.founders], accounts[0], constitution)


@pytest.fixture
def food_coop():
    return scenario.read(scenario.SCENARIOS / "food-coop.toml")


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
