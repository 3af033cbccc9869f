// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Presence: signs of life
/// @notice Direct ballots count as a sign of life by themselves; otherwise a member checks in once a year with another
/// member's attestation that they live. Without a sign for a year anyone may give public notice, and 14 days later
/// mark them dormant: no voice until they check in again. The attestation is EIP-712
/// `Attestation(uint32 memberId,uint32 attester,uint32 checkIn,uint48 deadline)`, where `checkIn` is the number of
/// check-ins the member has made so far, so that none can be used twice.
interface IPresence {
    error PresenceNotMember(uint32 memberId);
    error PresenceOnlyRegistry(address caller);
    error PresenceAttestationExpired(uint48 deadline);
    error PresenceAttestationTooLong(uint48 deadline, uint48 latest);
    error PresenceBadAttestation(uint32 memberId, uint32 attester);
    error PresenceAttestedBySelf(uint32 memberId);
    error PresenceAttesterIneligible(uint32 attester);
    error PresenceAttestedByVoucher(uint32 memberId, uint32 attester);
    error PresenceSameAttesterTwice(uint32 memberId, uint32 attester);
    error PresenceStillPresent(uint32 memberId, uint48 until);
    error PresenceNoticeAlreadyGiven(uint32 memberId, uint48 at);
    error PresenceWithoutNotice(uint32 memberId);
    error PresenceNoticeRunning(uint32 memberId, uint48 until);

    event CheckedIn(uint32 indexed memberId, uint32 indexed attester, uint32 checkIn, bool woke);
    event NoticeGiven(uint32 indexed memberId, uint48 dormantFrom);
    event MarkedDormant(uint32 indexed memberId);

    /// @notice Shows that one is alive, with another member's signed attestation; wakes a dormant member. The attester
    /// is active and out of probation, not one's voucher and not the attester of last time (these two only while three
    /// others remain eligible). Where fewer than three members are active, dormant ones may attest too.
    function checkIn(uint32 attester, uint48 deadline, bytes calldata attestation) external;

    /// @notice Announces that a member without a sign of life for a year is about to be marked dormant. Anyone.
    function giveNotice(uint32 memberId) external;

    /// @notice Marks a member dormant, 14 days after the notice, if no sign of life came since. Anyone.
    function markDormant(uint32 memberId) external;

    /// @notice The last sign of life: admission, check-in, waking or direct ballot (to the day), Unix seconds.
    function lastSign(uint32 memberId) external view returns (uint48);

    /// @notice When the running notice was given, or 0.
    function noticeAt(uint32 memberId) external view returns (uint48);

    function checkInCount(uint32 memberId) external view returns (uint32);

    function lastAttester(uint32 memberId) external view returns (uint32);
}
