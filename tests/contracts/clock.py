"""The test chain's clock, moved to the second on either node."""

from brownie import chain, web3


def now():
    """The latest block's timestamp, Unix seconds: what a read sees as now."""
    return chain[-1].timestamp


def mine_at(timestamp):
    """Mine a block at exactly `timestamp`, which must lie ahead; reads happen then, transactions later."""
    if "anvil" in web3.client_version.lower():
        # Brownie's chain.mine(timestamp=...) does not speak anvil's form of the request.
        answer = web3.provider.make_request("evm_mine", [hex(timestamp)])
        if "error" in answer:
            raise ValueError(answer["error"])
    else:
        chain.mine(timestamp=timestamp)
    if now() != timestamp:
        raise AssertionError(f"asked for a block at {timestamp}, the chain mined one at {now()}")


def advance(seconds):
    """Mine a block `seconds` after the latest one."""
    mine_at(now() + seconds)
