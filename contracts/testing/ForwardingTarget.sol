// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {IForwarder} from "../forwarder/IForwarder.sol";

/// @title A module that trusts the forwarder and does what a test asks; for tests only, never deployed with a commune
contract ForwardingTarget is ERC2771Context {
    IForwarder private immutable _forwarder;

    error ForwardingTargetRefused(address sender, uint256 value);

    event Acted(address sender, uint256 value);

    constructor(IForwarder forwarder) ERC2771Context(address(forwarder)) {
        _forwarder = forwarder;
    }

    /// @notice Logs who acts.
    /// @return gasGiven how much gas the call came with
    function act(uint256 value) external returns (uint256 gasGiven) {
        gasGiven = gasleft();
        emit Acted(_msgSender(), value);
    }

    /// @notice Reverts.
    function refuse(uint256 value) external view {
        revert ForwardingTargetRefused(_msgSender(), value);
    }

    /// @notice Uses up all gas.
    function burn() external pure {
        assembly {
            invalid()
        }
    }

    /// @notice Returns `size` bytes.
    function flood(uint256 size) external pure {
        assembly {
            return(0, size)
        }
    }

    /// @notice Brings a request back to the forwarder, as a relayer would.
    function reenter(IForwarder.ForwardRequest calldata request, bytes calldata signature) external {
        _forwarder.execute(request, signature);
    }
}
