// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {Context} from "@openzeppelin/contracts/utils/Context.sol";

/// @title A module of the commune
/// @notice Members act on it directly or through the forwarder (ERC-2771); powers are checked with the one table of
/// powers (OpenZeppelin AccessManager) and only ever for the caller itself: no power can be used through the
/// forwarder.
abstract contract Module is AccessManaged, ERC2771Context {
    constructor(address powers, address forwarder) AccessManaged(powers) ERC2771Context(forwarder) {}

    /// @dev `restricted` asks for the power of msg.sender, never of a relayed sender, and only for powers that work at
    /// once: delays belong to the timelock, so that a role granted with a delay gives nothing here.
    function _checkCanCall(address, bytes calldata) internal view override {
        (bool immediate, ) = IAccessManager(authority()).canCall(msg.sender, address(this), msg.sig);
        if (!immediate) revert AccessManagedUnauthorized(msg.sender);
    }

    function _msgSender() internal view virtual override(Context, ERC2771Context) returns (address) {
        return ERC2771Context._msgSender();
    }

    function _msgData() internal view virtual override(Context, ERC2771Context) returns (bytes calldata) {
        return ERC2771Context._msgData();
    }

    function _contextSuffixLength() internal view virtual override(Context, ERC2771Context) returns (uint256) {
        return ERC2771Context._contextSuffixLength();
    }
}
