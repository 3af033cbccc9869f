// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";

/// @title ERC-5192 minimal soulbound NFTs
interface IERC5192 {
    event Locked(uint256 tokenId);
    event Unlocked(uint256 tokenId);

    function locked(uint256 tokenId) external view returns (bool);
}

/// @notice Where a member stands. `None` was never a member.
enum Status {
    None,
    Active,
    Dormant,
    Left,
    Expelled
}

/// @title A module told of every change of a member's status or account, in the same transaction
interface IMembershipObserver {
    /// @dev Called by the registry only, after it has written the change.
    function onStatusChange(uint32 memberId, Status from, Status to) external;

    /// @dev Called by the registry only, after a recovery moved the membership.
    function onAccountMoved(uint32 memberId, address from, address to) external;
}

/// @title Membership: the register of who belongs to the commune
/// @notice Everything a person holds hangs on their `memberId` (from 1, also the ERC-721 token id), never on the
/// account. Soulbound: ERC-721 for readers, ERC-5192 locked, approvals and transfers revert; only recovery moves a
/// membership. ERC-5805/6372 reads let any OpenZeppelin Governor use it: `getPastVotes(account, t)` is 0 or 1 and
/// stays with the account that held the membership at `t`. The clock is the block timestamp; reads of the past are
/// for `t` strictly before now.
interface IMembership is IERC721, IERC5192, IERC5805 {
    /// @notice A member's record.
    /// @param account who holds the membership (kept after leaving, so that the same person returns to it)
    /// @param status where they stand
    /// @param since when that status began, Unix seconds
    /// @param joinedAt when they were admitted, last time
    /// @param founder whether they are exempt from probation
    struct Member {
        address account;
        Status status;
        uint48 since;
        uint48 joinedAt;
        bool founder;
    }

    error MembershipSoulbound();
    error MembershipNotMember(address account);
    error MembershipNotActive(uint32 memberId, Status status);
    error MembershipUnknownMember(uint32 memberId);
    error MembershipOnProbation(uint32 memberId, uint48 until);
    error MembershipAccountTaken(address account, uint32 memberId);
    error MembershipZeroAccount();
    error MembershipWrongStatus(uint32 memberId, Status status, Status required);
    error MembershipExpulsionsExhausted(uint32 season, uint256 limit);
    error MembershipObserverSlot(uint256 slot, uint256 slots);
    error MembershipFutureLookup(uint256 timepoint, uint48 clock);
    error MembershipNoDelegation();

    /// @notice A member joined or returned. `returned` members keep memberId, history, bars and debts.
    event MemberAdmitted(uint32 indexed memberId, address indexed account, bool founder, bool returned);
    event StatusChanged(uint32 indexed memberId, Status from, Status to);
    event AccountMoved(uint32 indexed memberId, address indexed from, address indexed to);
    event ObserverSet(uint256 indexed slot, address observer);

    // ------------------------------------------------------------------ restricted to modules

    /// @notice Admits a founder, exempt from probation. Restricted (founding).
    function admitFounder(address account) external returns (uint32 memberId);

    /// @notice Admits an account, or readmits the former member who holds it. Restricted (admission).
    function admit(address account) external returns (uint32 memberId);

    /// @notice Takes a silent member's voice until they are back. Restricted (presence).
    function setDormant(uint32 memberId) external;

    /// @notice Gives a dormant member their voice back. Restricted (presence).
    function wake(uint32 memberId) external;

    /// @notice Ends a membership against the member's will, also of someone who has left meanwhile: leaving does not
    /// shed an expulsion. Restricted (the assembly, by the expulsion rule); at most 5 % of active members at the
    /// season's start, at least one, in a season.
    function expel(uint32 memberId) external;

    /// @notice Moves a membership to a new account. Restricted (recovery). Emits Unlocked, Transfer, Locked.
    function moveAccount(uint32 memberId, address to) external;

    /// @notice Sets who is told of changes. Slots: 0 Admission, 1 Presence, 2 Recovery, 3 the member group.
    /// Restricted (constitutional). Zero empties the slot.
    function setObserver(uint256 slot, address observer) external;

    // ------------------------------------------------------------------ members

    /// @notice Ends one's own membership, also while dormant.
    function leave() external;

    // ------------------------------------------------------------------ reads

    function member(uint32 memberId) external view returns (Member memory);

    /// @notice The memberId bound to an account (also after leaving or expulsion), or 0.
    function memberIdOf(address account) external view returns (uint32);

    /// @notice The memberId that an account holds or once held, or 0. An account holds one membership in its life:
    /// one that a recovery took it from joins nothing again.
    function lastMemberIdOf(address account) external view returns (uint32);

    function accountOf(uint32 memberId) external view returns (address);

    function statusOf(uint32 memberId) external view returns (Status);

    /// @notice The memberId of an active member; reverts for anyone else.
    function requireActive(address account) external view returns (uint32 memberId);

    /// @notice The memberId of an active member out of probation; reverts for anyone else.
    function requireFull(address account) external view returns (uint32 memberId);

    /// @notice Until when a member is on probation: they may do nothing of `requireFull` before. 0 for founders.
    function probationUntil(uint32 memberId) external view returns (uint48);

    /// @notice Whether a member is active and out of probation now.
    function isFull(uint32 memberId) external view returns (bool);

    /// @notice Whether a member was active at `t`, strictly before now.
    function activeAt(uint32 memberId, uint48 t) external view returns (bool);

    /// @notice Who may cast the ballot of a member of the electorate at `electorateAt`: the account that holds the
    /// memberId now, or zero if the member was not active then, or has left or been expelled since (a return counts
    /// as a new joining).
    function ballotAccount(uint32 memberId, uint48 electorateAt) external view returns (address);

    /// @notice The memberId whose ballot `account` may cast in a vote with this electorate, or 0.
    function voterOf(address account, uint48 electorateAt) external view returns (uint32 memberId);

    /// @notice How many memberIds were ever given.
    function memberCount() external view returns (uint32);

    function activeCount() external view returns (uint32);

    /// @notice How many members were active at `t`, strictly before now.
    function activeCountAt(uint48 t) external view returns (uint32);

    /// @notice How many members were active when the current season started: what a season's limits are shares of.
    function activeAtSeasonStart() external view returns (uint32);

    /// @notice What quorums are shares of: the larger of the active members at `t` and half of the highest count of
    /// this and the last four seasons, so that a wave of dormancy cannot hand the commune to the few awake.
    function quorumBase(uint48 t) external view returns (uint32);

    /// @notice How many members were expelled in a season.
    function expulsionsIn(uint32 season) external view returns (uint32);
}
