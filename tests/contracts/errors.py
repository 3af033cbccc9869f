"""Custom errors as Brownie words them, for `brownie.reverts`."""


def error(name, *arguments):
    """The revert string of `name(arguments)`; contracts, accounts and signers stand for their address."""
    return f"{name}: {', '.join(_worded(argument) for argument in arguments)}"


def _worded(argument):
    text = str(getattr(argument, "address", argument))
    return text.lower() if text.startswith("0x") else text
