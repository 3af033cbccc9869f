"""Deploying VoiceCredits: constitutions whose bounds do not fit are refused for good."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.errors import error

DAY = 86_400


@pytest.mark.parametrize(
    ("name", "floor", "ceiling"),
    [
        ("credits.base", 50, 512),
        ("credits.pointsPerCredit", 0, 1_000),
        ("season.length", 0, 100 * DAY),
        ("season.length", 30 * DAY, 3651 * DAY),
    ],
)
def test_bounds_that_would_outgrow_a_cell_are_refused(
    Powers, Constitution, VoiceCredits, commune, deployer, name, floor, ceiling
):
    law = constitution_with(Constitution, Powers, deployer, name, floor, ceiling)
    with reverts(error("VoiceCreditsParameterTooWide", communes.bytes32(name), floor, ceiling)):
        deploy(VoiceCredits, commune, law, deployer)


def test_the_widest_bounds_that_fit_are_accepted(Powers, Constitution, VoiceCredits, commune, deployer):
    law = constitution_with(Constitution, Powers, deployer, "credits.base", 50, 511)
    deploy(VoiceCredits, commune, law, deployer)


def constitution_with(constitution, powers, deployer, name, floor, ceiling):
    """The default constitution with other bounds for one parameter."""
    entries = [
        (communes.bytes32(known), value, *((floor, ceiling) if known == name else bounds))
        for known, value, *bounds in communes.Constitution.load().parameters
    ]
    return constitution.deploy(powers.deploy(deployer, {"from": deployer}), entries, {"from": deployer})


def deploy(voice_credits, commune, law, deployer):
    return voice_credits.deploy(
        commune.powers, law, commune.membership, commune.reputation, {"from": deployer}
    )
