// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IPurseController} from "../commons/ICommons.sol";

/// @title A purse's controller that lets pay whom a test names; for tests only, never deployed with a commune
contract PayerList is IPurseController {
    mapping(uint256 key => mapping(address account => uint32 memberId)) private _payers;

    error PayerListRefused(uint256 key, address account);

    /// @notice Lets an account pay in the name of a member, or of nobody any more (0).
    function allow(uint256 key, address account, uint32 memberId) external {
        _payers[key][account] = memberId;
    }

    /// @inheritdoc IPurseController
    function requirePayer(uint256 key, address account, address) external view returns (uint32 memberId) {
        memberId = _payers[key][account];
        if (memberId == 0) revert PayerListRefused(key, account);
    }
}
