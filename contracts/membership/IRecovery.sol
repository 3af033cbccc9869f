// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Recovery: moving a membership to a new account
/// @notice A member names guardians and how many of them it takes. When that many support the same new account, the
/// move waits 7 days, in which the old account may veto, once. A second request takes one guardian more (if there is
/// one) and cannot be vetoed, so that a thief holding the old account does not hold the member out. Guardians who are
/// not active, or on probation, do not count. Support not completed within 30 days lapses. Without guardians a person
/// vote does it. The new account must never have held a membership.
interface IRecovery {
    /// @param newAccount where the membership shall move: as scheduled, or as a guardian supported last
    /// @param supporters guardians who support this account and count now
    /// @param executableAt when it can be completed; 0 while support is missing
    struct Request {
        address newAccount;
        uint32[] supporters;
        uint48 executableAt;
    }

    error RecoveryBadGuardians(uint256 given, uint256 threshold, uint256 maximum);
    error RecoveryGuardianIneligible(uint32 guardian);
    error RecoveryDuplicateGuardian(uint32 guardian);
    error RecoveryNotGuardian(uint32 memberId, uint32 guardian);
    error RecoverySupportTwice(uint32 memberId, uint32 guardian);
    error RecoveryAccountTaken(address account);
    error RecoveryZeroAccount();
    error RecoveryOtherAccountRunning(uint32 memberId, address running);
    error RecoveryNoRequest(uint32 memberId);
    error RecoveryTooFewSupporters(uint32 memberId, uint256 given, uint256 required);
    error RecoveryTooEarly(uint32 memberId, uint48 executableAt);
    error RecoveryVetoSpent(uint32 memberId);
    error RecoveryNothingToVeto(uint32 memberId);
    error RecoveryNotMember(uint32 memberId);
    error RecoveryRequestRunning(uint32 memberId);
    error RecoveryOnlyRegistry(address caller);

    event GuardiansChangeScheduled(uint32 indexed memberId, uint32[] guardians, uint8 threshold, uint48 effectiveAt);
    event RecoverySupported(
        uint32 indexed memberId,
        uint32 indexed guardian,
        address newAccount,
        uint256 supporters,
        uint256 required
    );
    event RecoveryScheduled(uint32 indexed memberId, address newAccount, uint48 executableAt);
    event RecoveryVetoed(uint32 indexed memberId, address newAccount);
    event RecoveryCancelled(uint32 indexed memberId);
    event Recovered(uint32 indexed memberId, address from, address to, bool byVote);

    /// @notice Names guardians: members who may together move the membership to a new account. Takes effect after 7
    /// days and replaces a change under way. Refused while a recovery is scheduled; a change under way then waits, and
    /// for 7 days after a veto, so that the thief who vetoes cannot have new guardians before the old ones answer. An
    /// empty list with threshold 0 removes them.
    /// @param guardians distinct active members out of probation, at most `recovery.maxGuardians`, not oneself
    /// @param threshold how many it takes, at least 2 and at most all of them
    function setGuardians(uint32[] calldata guardians, uint8 threshold) external;

    /// @notice Supports moving a membership to `newAccount`, instead of what the guardian supported before. Guardians
    /// only. With enough support for one account the delay starts.
    function support(uint32 memberId, address newAccount) external;

    /// @notice Stops a scheduled recovery; the old account, once, until a change of guardians takes effect or a
    /// recovery completes.
    function veto() external;

    /// @notice Completes a recovery after its delay. Anyone.
    function recover(uint32 memberId) external;

    /// @notice Moves a membership at once and removes its guardians, whom a thief may have named. Restricted (the
    /// assembly, by the person rule).
    function recoverByVote(uint32 memberId, address newAccount) external;

    /// @notice The guardians in force now.
    function guardiansOf(uint32 memberId) external view returns (uint32[] memory guardians, uint8 threshold);

    /// @notice The change of guardians under way, if any (`effectiveAt` 0: none).
    function pendingGuardiansOf(
        uint32 memberId
    ) external view returns (uint32[] memory guardians, uint8 threshold, uint48 effectiveAt);

    function requestOf(uint32 memberId) external view returns (Request memory);

    /// @notice How many supporters a request takes now.
    function requiredSupport(uint32 memberId) external view returns (uint256);

    function vetoSpent(uint32 memberId) external view returns (bool);
}
