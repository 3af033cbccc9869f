// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

/// @title What the reference governor decides about: the counterpart of the constitution's `adopt`, owned by the
/// timelock as OpenZeppelin advises
contract ReferenceTarget is Ownable {
    error ReferenceTargetZeroTextHash();

    event ResolutionAdopted(bytes32 indexed textHash);

    constructor(address timelock) Ownable(timelock) {}

    function adopt(bytes32 textHash) external onlyOwner {
        if (textHash == 0) revert ReferenceTargetZeroTextHash();
        emit ResolutionAdopted(textHash);
    }
}
