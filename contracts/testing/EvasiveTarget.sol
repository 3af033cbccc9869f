// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title A module whose answer about its forwarder a test chooses; for tests only
contract EvasiveTarget {
    bytes private _answer;

    event Called(bytes data);

    constructor(bytes memory answer) {
        _answer = answer;
    }

    /// @notice Answers with the chosen bytes.
    function isTrustedForwarder(address) external view {
        bytes memory answer = _answer;
        assembly {
            return(add(answer, 0x20), mload(answer))
        }
    }

    fallback() external {
        emit Called(msg.data);
    }
}
