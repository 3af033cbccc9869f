"""Amounts and assets as people write and read them.

ETH has 18 decimals for certain, and is written in them. What a token says of its decimals and its name proves
nothing, so its amounts are whole numbers of its smallest parts, and it is named by its address.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer
from eth_utils.address import is_hex_address, to_checksum_address

from backend.cli.errors import Misused

ETH = f"0x{0:040x}"
_DECIMALS = 18

AssetName = Annotated[str, typer.Argument(metavar="ASSET", help="ETH, or a token's address after 0x.")]
Amount = Annotated[
    str, typer.Argument(metavar="AMOUNT", help="In ETH with decimals, or in a token's smallest parts.")
]
Receiver = Annotated[str, typer.Argument(metavar="TO", help="The account that is paid, after 0x.")]


def asset_of(given: str) -> str:
    """An asset's address. Raises `Misused`."""
    return ETH if given.upper() == "ETH" else account_of(given, "an asset is ETH, or a token's address:")


def account_of(given: str, what: str = "an account is") -> str:
    if not (given.startswith("0x") and is_hex_address(given)):
        raise Misused(f"{what} 0x and 40 hex digits; got {given!r}")
    return str(to_checksum_address(given))


def amount_of(given: str, asset: str) -> int:
    """In the asset's smallest parts. Raises `Misused` unless it is above 0."""
    if asset == ETH:
        match = re.fullmatch(rf"([0-9]{{1,12}})(?:\.([0-9]{{1,{_DECIMALS}}}))?", given)
        takes = f"ETH takes a number with at most {_DECIMALS} decimals, above 0"
        amount = int(match[1]) * 10**_DECIMALS + int((match[2] or "").ljust(_DECIMALS, "0")) if match else 0
    else:
        takes = "a token takes a whole number of its smallest parts, above 0"
        amount = int(given) if re.fullmatch(r"[0-9]{1,77}", given) else 0
    if amount == 0:
        raise Misused(f"{takes}; got {given!r}")
    return amount


def shown(amount: str | int, asset: str, token: dict[str, Any] | None) -> str:
    """An amount with its asset."""
    if asset == ETH:
        whole, rest = divmod(int(amount), 10**_DECIMALS)
        decimals = f".{rest:0{_DECIMALS}}".rstrip("0") if rest else ""
        return f"{whole}{decimals} ETH"
    called = f", which calls itself {token['symbol']}" if token and token["symbol"] else ""
    return f"{amount} of {asset}{called}"
