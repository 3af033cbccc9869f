"""The ABIs the node carries are those of the contracts."""

import pytest

from tools.abis import CONTRACTS, FOLDER, render


@pytest.mark.parametrize("name", CONTRACTS)
def test_abi_the_node_carries_is_the_contracts(project_contracts, name):
    carried = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert carried == render(project_contracts[name].abi), "run `./dev abis` and commit backend/abi/"
