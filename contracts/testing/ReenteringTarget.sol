// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title A target that calls back while it is being called; for tests only, never deployed with a commune
contract ReenteringTarget {
    address private _to;
    bytes private _data;

    event CalledBack(bool success, bytes result);

    /// @notice Sets what `act` calls.
    function prepare(address to, bytes calldata data) external {
        _to = to;
        _data = data;
    }

    /// @notice Makes the prepared call, and logs how it went, as `act` does.
    receive() external payable {
        _callBack();
    }

    /// @notice Makes the prepared call, and logs how it went.
    function act() external {
        _callBack();
    }

    function _callBack() private {
        (bool success, bytes memory result) = _to.call(_data);
        emit CalledBack(success, result);
    }
}
