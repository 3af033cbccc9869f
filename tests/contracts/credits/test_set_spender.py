"""`setSpender`: which modules may charge members."""

from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.people import member_id


def test_only_a_holder_of_the_power_names_spenders(voice_credits, alice, spender):
    with reverts(error("AccessManagedUnauthorized", alice)):
        voice_credits.setSpender(alice.address, True, alice.tx)
    with reverts(error("AccessManagedUnauthorized", spender)):
        voice_credits.setSpender(alice.address, True, {"from": spender})


def test_a_spender_can_be_added_and_removed(commune, voice_credits, alice, deployer, spender):
    tx = voice_credits.setSpender(alice.address, True, {"from": deployer})
    assert tx.events["SpenderSet"] == {"spender": alice.address, "allowed": True}
    voice_credits.spend(member_id(commune, alice), 1, 3, True, alice.tx)

    tx = voice_credits.setSpender(spender, False, {"from": deployer})
    assert tx.events["SpenderSet"] == {"spender": spender, "allowed": False}
    assert not voice_credits.isSpender(spender)
    with reverts(error("VoiceCreditsOnlySpender", spender)):
        voice_credits.spend(member_id(commune, alice), 1, 3, True, {"from": spender})
