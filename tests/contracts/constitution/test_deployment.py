"""What a commune is deployed with: nonsense is refused, and no bounds let a vote lock the commune."""

import pytest
from brownie import web3
from eth_abi import encode

from scripts import commune as communes

DAY = 86_400


def entries(constitution_file):
    return [
        [communes.bytes32(name), value, floor, ceiling]
        for name, value, floor, ceiling in constitution_file.parameters
    ]


@pytest.fixture
def refusal(Constitution, commune, deployer):
    """The error's data that deploying a constitution with these parameters gives.

    A call, since Brownie would trace a failed deployment for longer than all other tests here take.
    """

    def deploy(parameters):
        data = Constitution.deploy.encode_input(commune.powers, parameters)
        call = {"from": str(deployer), "data": "0x" + data.removeprefix("0x"), "gas": hex(20_000_000)}
        answer = web3.provider.make_request("eth_call", [call, "latest"])["error"]["data"]
        return bytes.fromhex(answer.removeprefix("0x"))

    return deploy


def error(signature, *arguments):
    types = signature[signature.index("(") + 1 : -1].split(",")
    return bytes(web3.keccak(text=signature)[:4]) + encode(types if arguments else [], arguments)


def test_every_parameter_is_needed(refusal, constitution_file):
    expected = error("ConstitutionParameterCountMismatch(uint256,uint256)", 111, 112)
    assert refusal(entries(constitution_file)[:-1]) == expected


def test_parameters_have_names(refusal, constitution_file):
    parameters = entries(constitution_file)
    parameters[3][0] = b"\0" * 32
    assert refusal(parameters) == error("ConstitutionEmptyName()")


def test_parameters_have_different_names(refusal, constitution_file):
    parameters = entries(constitution_file)
    parameters[3][0] = parameters[2][0]
    assert refusal(parameters) == error("ConstitutionDuplicateParameter(bytes32)", parameters[2][0])


@pytest.mark.parametrize("beyond", ["floor", "ceiling"])
def test_parameters_start_within_their_bounds(refusal, constitution_file, beyond):
    parameters = entries(constitution_file)
    name, value, floor, ceiling = parameters[0]
    parameters[0][1] = value = floor - 1 if beyond == "floor" else ceiling + 1
    signature = "ConstitutionParameterOutOfBounds(bytes32,uint32,uint32,uint32)"
    assert refusal(parameters) == error(signature, name, value, floor, ceiling)


# ------------------------------------------------------------------ bounds of the default constitution


@pytest.fixture(scope="module")
def bounds():
    """{name: (floor, ceiling)} of the constitution communes are founded with unless they choose another."""
    return {name: (floor, ceiling) for name, _, floor, ceiling in communes.Constitution.load().parameters}


@pytest.mark.parametrize("rule", ["constitutional", "ordinary"])
def test_a_passed_decision_can_always_be_carried_out_before_it_expires(bounds, rule):
    """A week is left even with the longest queue and the shortest expiry."""
    assert bounds[f"{rule}.queue"][1] + 7 * DAY <= bounds["assembly.expiry"][0]


@pytest.mark.parametrize("rule", ["constitutional", "ordinary"])
def test_the_timelock_takes_the_shortest_queue(rule, bounds):
    assert communes.Constitution.load().min_queue <= bounds[f"{rule}.queue"][0]


@pytest.mark.parametrize("rule", ["constitutional", "person", "expulsion"])
def test_only_ordinary_decisions_have_following(bounds, rule):
    assert bounds[f"{rule}.follow"] == (0, 0)


@pytest.mark.parametrize("rule", ["person", "expulsion"])
def test_person_votes_have_no_queue(bounds, rule):
    assert bounds[f"{rule}.queue"] == (0, 0)


def test_a_ballots_hour_fits_its_eight_bits(bounds):
    for rule in ("constitutional", "ordinary", "person", "expulsion"):
        assert bounds[f"{rule}.voting"][1] + bounds[f"{rule}.lateExtension"][1] < 255 * 3600


def test_terms_fit_their_bits(bounds):
    for rule in ("constitutional", "ordinary", "person", "expulsion"):
        assert bounds[f"{rule}.approvalPpm"][1] <= 1_000_000
        for field in ("follow", "queue", "lateExtension"):
            assert bounds[f"{rule}.{field}"][1] < 2**24
    assert bounds["assembly.expiry"][1] // 3600 < 2**16


def test_no_vote_can_ask_for_more_than_everybody(bounds):
    for rule in ("constitutional", "ordinary", "person", "expulsion"):
        assert bounds[f"{rule}.quorumBps"][1] <= 5_000
        assert bounds[f"{rule}.forHeadsBps"][1] <= 10_000
        assert bounds[f"{rule}.approvalPpm"][1] <= 900_000


def test_full_season_budgets_differ_at_most_twofold(bounds):
    """The bonus is capped by the base whatever its own parameter says; the base is never 0."""
    assert bounds["credits.base"][0] > 0
