// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title Powers: the one table of who may call what
/// @notice OpenZeppelin's AccessManager as it is. After the founding its only admin is the assembly's timelock, and every
/// role is held by a contract; `scripts/audit.py` replays every event and proves it.
contract Powers is AccessManager {
    constructor(address deployer) AccessManager(deployer) {}
}
