// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title The assembly's timelock
/// @notice Carries out what the assembly decided, after the delay its rule froze, and holds the commune's powers. The
/// assembly is its only proposer, canceller and executor (never the zero address: an open executor would skip the
/// assembly's checks); only the timelock itself holds its admin role.
contract AssemblyTimelock is TimelockController {
    /// @notice Delays are bounded parameters of the constitution, not a setting of the timelock.
    error AssemblyTimelockDelayIsParameter();

    /// @param minDelay seconds; at most the smallest floor of any rule's queue delay
    /// @param assembly_ the only proposer, canceller and executor
    constructor(
        uint256 minDelay,
        address assembly_
    ) TimelockController(minDelay, _only(assembly_), _only(assembly_), address(0)) {}

    function updateDelay(uint256) external pure override {
        revert AssemblyTimelockDelayIsParameter();
    }

    function _only(address account) private pure returns (address[] memory accounts) {
        accounts = new address[](1);
        accounts[0] = account;
    }
}
