// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Recall: officials are subject to recall on demand
/// @notice A petition of max(`recall.petition` (3), `recall.petitionBps` (10 %)) of the members active when it opened,
/// never more than a majority, opens a person vote at once and freezes the holder's purses while it runs; a petition of
/// more than half of them recalls at once. Either way all powers end in that transaction and the person is barred from
/// the office for a term. A failed vote bars a new petition for `recall.cooldown` (60 days). Signing off chain and
/// having it relayed is what the forwarder is for.
interface IRecall {
    enum PetitionState {
        Unknown,
        Open,
        Voting,
        Recalled,
        Failed,
        Lapsed
    }

    /// @param grounds keccak256 of the UTF-8 text that says why
    /// @param electorateAt the second before it opened: who was active then, and is a full member, may sign
    /// @param expiry last second for signing, and for opening the vote
    /// @param needed signatures that open the vote
    /// @param immediate signatures that recall at once
    /// @param proposalId of the vote, or 0
    /// @param recalled whether more than half signed
    struct Petition {
        uint32 officeId;
        uint32 memberId;
        bytes32 grounds;
        uint48 electorateAt;
        uint48 expiry;
        uint32 needed;
        uint32 immediate;
        uint32 signatures;
        uint256 proposalId;
        bool recalled;
    }

    error RecallUnknownPetition(uint32 petitionId);
    error RecallNotHolder(uint32 officeId, uint32 memberId);
    error RecallEmptyGrounds();
    error RecallRunning(uint32 officeId, uint32 memberId, uint32 petitionId);
    error RecallCoolingDown(uint32 officeId, uint32 memberId, uint48 until);
    error RecallWrongState(uint32 petitionId, PetitionState state);
    error RecallSignedTwice(uint32 petitionId, uint32 memberId);
    error RecallNotInElectorate(uint32 petitionId, uint32 memberId);

    event PetitionOpened(
        uint32 indexed petitionId,
        uint32 indexed officeId,
        uint32 indexed memberId,
        uint32 petitioner,
        bytes32 grounds,
        Petition petition
    );
    event PetitionSigned(uint32 indexed petitionId, uint32 indexed memberId, uint32 signatures);
    event RecallVoteOpened(uint32 indexed petitionId, uint256 indexed proposalId);
    /// @notice More than half signed: recalled without a vote.
    event RecalledByPetition(uint32 indexed petitionId);

    /// @notice Opens a petition against who holds, or will hold, a seat, and signs it. Members out of probation.
    function petition(uint32 officeId, uint32 memberId, bytes32 grounds) external returns (uint32 petitionId);

    /// @notice Signs; also while the vote runs, which more than half make needless. Members out of probation.
    function sign(uint32 petitionId) external;

    function petitionCount() external view returns (uint32);
    function petitionOf(uint32 petitionId) external view returns (Petition memory);
    function state(uint32 petitionId) external view returns (PetitionState);
    function hasSigned(uint32 petitionId, uint32 memberId) external view returns (bool);
    /// @notice Whether a recall vote on this holder is open, or passed and not carried out yet: their purses are frozen.
    function isFrozen(uint32 officeId, uint32 memberId) external view returns (bool);
    /// @notice Whether the last petition on this holder recalled them without a vote: then a vote has nothing left to do.
    function recalledByPetition(uint32 officeId, uint32 memberId) external view returns (bool);
    /// @notice Until when no new petition on this holder of this office is taken, or 0.
    function coolingUntil(uint32 officeId, uint32 memberId) external view returns (uint48);
}
