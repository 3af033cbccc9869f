// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title The roles in the table of powers
/// @notice Role 0 (OpenZeppelin's ADMIN_ROLE) is the timelock's: everything restricted and not named here.
library Roles {
    uint64 internal constant ADMIN = 0;
    uint64 internal constant FOUNDING = 1;
    uint64 internal constant ADMISSION = 2;
    uint64 internal constant PRESENCE = 3;
    uint64 internal constant RECOVERY = 4;
    uint64 internal constant PERSON = 5;
    uint64 internal constant AWARD = 6;
    uint64 internal constant PENALISE = 7;
    uint64 internal constant RECALL = 8;
    uint64 internal constant SEATS = 9;
    uint64 internal constant STIPEND = 10;
    uint64 internal constant DRAW = 11;
    uint64 internal constant POLL = 12;
    uint64 internal constant PAY = 13;
    uint64 internal constant RESOLVE = 14;
    uint64 internal constant DESCRIBE = 15;
    /// @dev Reaches no function: who has it may say who pays from purses.
    uint64 internal constant PURSE = 16;
    uint64 internal constant ASSIGN = 17;
    uint64 internal constant REVIEW = 18;
    uint64 internal constant IMPOSE = 19;
    uint64 internal constant OVERTURN = 20;
    uint64 internal constant CONVENE = 21;
    /// @dev Reaches no function: what who has it creates may be paid from purses. Offices have it not, since a holder could
    /// take the seat.
    uint64 internal constant PAID_WORK = 22;
    /// @dev The highest number there is.
    uint64 internal constant LAST = PAID_WORK;
}
