"""Custom errors as Brownie words them, for `brownie.reverts`."""


def error(name, *arguments):
    """The revert string of `name(arguments)`; contracts, accounts and signers stand for their address, and
    what the contract declares as bytes is given as bytes."""
    return f"{name}: {', '.join(_worded(argument) for argument in arguments)}"


def _worded(argument):
    if isinstance(argument, bytes):  # also Brownie's HexString
        return str(bytes(argument))
    text = str(getattr(argument, "address", argument))
    return text.lower() if text.startswith("0x") else text


def wrong_state(proposal, current, *allowed):
    """The revert string of OpenZeppelin's check of a proposal's state."""
    bitmap = sum(1 << state for state in allowed)
    return error("GovernorUnexpectedProposalState", proposal, current, bitmap.to_bytes(32, "big"))
