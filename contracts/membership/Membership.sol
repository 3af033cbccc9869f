// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Context} from "@openzeppelin/contracts/utils/Context.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IConstitution} from "../constitution/IConstitution.sol";
import {Module} from "../constitution/Module.sol";
import {Parameters} from "../constitution/Parameters.sol";
import {IERC5192, IMembership, IMembershipObserver, Status} from "./IMembership.sol";

/// @title Membership
/// @dev Over 400 lines since three standards (ERC-721, ERC-5192, ERC-5805) each want their reads from the one register,
/// which cannot be split. ERC721 is inherited for its interface only: owners come from the member's record, its own
/// storage is never written.
contract Membership is IMembership, ERC721, Module {
    using Checkpoints for Checkpoints.Trace208;

    /// @dev One slot, 256 bits, so that a ballot reads it at once. 40-bit times last until the year 36,812.
    struct Record {
        address account;
        Status status;
        uint40 since;
        uint40 joinedAt;
        bool founder;
    }

    /// @dev When an account held a membership: [from, until), where `until` 0 is "still". One slot. An account holds
    /// one membership in its life, so that an interval is its whole history.
    struct Binding {
        uint32 memberId;
        uint48 from;
        uint48 until;
    }

    /// @dev One slot, 256 bits.
    /// @param members memberIds ever given
    /// @param active members active now
    /// @param season of the last change of `active`
    /// @param highs highest count of that season (bits 0-31) and of the four before it, the latest lowest
    struct Counts {
        uint32 members;
        uint32 active;
        uint32 season;
        uint160 highs;
    }

    uint256 private constant OBSERVERS = 4;
    /// @dev Seasons whose highest count the quorum base remembers: as many as fit into `Counts.highs`.
    uint256 private constant HIGHS = 5;
    uint256 private constant BPS = 10_000;

    IConstitution private immutable _constitution;

    mapping(uint32 memberId => Record) private _records;
    mapping(address account => Binding) private _bindings;
    /// @dev 1 while active, else 0; empty until a member's first change, since the record says it all before.
    mapping(uint32 memberId => Checkpoints.Trace208) private _activeness;
    mapping(uint32 season => uint32) private _expulsions;
    Checkpoints.Trace208 private _activeCounts;
    Counts private _counts;
    address[OBSERVERS] private _observers;

    constructor(
        address powers,
        address forwarder,
        IConstitution constitution
    ) ERC721("Dual Power membership", "MEMBER") Module(powers, forwarder) {
        _constitution = constitution;
    }

    // ------------------------------------------------------------------ restricted to modules

    /// @inheritdoc IMembership
    function admitFounder(address account) external restricted returns (uint32 memberId) {
        return _join(account, true);
    }

    /// @inheritdoc IMembership
    function admit(address account) external restricted returns (uint32 memberId) {
        return _join(account, false);
    }

    /// @inheritdoc IMembership
    function setDormant(uint32 memberId) external restricted {
        _requireStatus(memberId, Status.Active);
        _setStatus(memberId, Status.Dormant);
    }

    /// @inheritdoc IMembership
    function wake(uint32 memberId) external restricted {
        _requireStatus(memberId, Status.Dormant);
        _setStatus(memberId, Status.Active);
    }

    /// @inheritdoc IMembership
    function expel(uint32 memberId) external restricted {
        Status status = _records[memberId].status;
        if (status == Status.None || status == Status.Expelled) {
            revert MembershipWrongStatus(memberId, status, Status.Active);
        }
        uint32 season = _constitution.currentSeason();
        uint256 share = Parameters.at(_constitution.word(Parameters.RECOVERY), Parameters.EXPULSIONS_SHARE_BPS);
        uint256 limit = (activeAtSeasonStart() * share) / BPS;
        if (limit == 0) limit = 1;
        if (_expulsions[season] >= limit) revert MembershipExpulsionsExhausted(season, limit);
        ++_expulsions[season];
        _setStatus(memberId, Status.Expelled);
    }

    /// @inheritdoc IMembership
    function moveAccount(uint32 memberId, address to) external restricted {
        Record storage record = _records[memberId];
        Status status = record.status;
        if (!_isHeld(status)) revert MembershipWrongStatus(memberId, status, Status.Active);
        if (to == address(0)) revert MembershipZeroAccount();
        uint32 taken = _bindings[to].memberId;
        if (taken != 0) revert MembershipAccountTaken(to, taken);

        address from = record.account;
        uint48 now_ = clock();
        _bindings[from].until = now_;
        _bindings[to] = Binding({memberId: memberId, from: now_, until: 0});
        record.account = to;

        emit Unlocked(memberId);
        emit Transfer(from, to, memberId);
        emit Locked(memberId);
        if (status == Status.Active) {
            emit DelegateVotesChanged(from, 1, 0);
            emit DelegateVotesChanged(to, 0, 1);
        }
        emit AccountMoved(memberId, from, to);

        for (uint256 slot = 0; slot < OBSERVERS; ++slot) {
            address observer = _observers[slot];
            if (observer != address(0)) IMembershipObserver(observer).onAccountMoved(memberId, from, to);
        }
    }

    /// @inheritdoc IMembership
    function setObserver(uint256 slot, address observer) external restricted {
        if (slot >= OBSERVERS) revert MembershipObserverSlot(slot, OBSERVERS);
        _observers[slot] = observer;
        emit ObserverSet(slot, observer);
    }

    // ------------------------------------------------------------------ members

    /// @inheritdoc IMembership
    function leave() external {
        address account = _msgSender();
        uint32 memberId = memberIdOf(account);
        if (memberId == 0) revert MembershipNotMember(account);
        Status status = _records[memberId].status;
        if (!_isHeld(status)) revert MembershipWrongStatus(memberId, status, Status.Active);
        _setStatus(memberId, Status.Left);
    }

    // ------------------------------------------------------------------ soulbound

    /// @inheritdoc IERC721
    function approve(address, uint256) public pure override(ERC721, IERC721) {
        revert MembershipSoulbound();
    }

    /// @inheritdoc IERC721
    function setApprovalForAll(address, bool) public pure override(ERC721, IERC721) {
        revert MembershipSoulbound();
    }

    /// @inheritdoc IERC721
    function transferFrom(address, address, uint256) public pure override(ERC721, IERC721) {
        revert MembershipSoulbound();
    }

    /// @inheritdoc IERC721
    function safeTransferFrom(address, address, uint256, bytes memory) public pure override(ERC721, IERC721) {
        revert MembershipSoulbound();
    }

    /// @inheritdoc IERC5192
    function locked(uint256 tokenId) external view returns (bool) {
        _requireOwned(tokenId);
        return true;
    }

    /// @inheritdoc IERC721
    /// @dev 1 for an active or dormant member, else 0.
    function balanceOf(address account) public view override(ERC721, IERC721) returns (uint256) {
        if (account == address(0)) revert ERC721InvalidOwner(account);
        return _isHeld(_records[memberIdOf(account)].status) ? 1 : 0;
    }

    /// @notice Where a member is described: below the commune's own description.
    function tokenURI(uint256 tokenId) public view override returns (string memory) {
        _requireOwned(tokenId);
        return string.concat(_constitution.daoURI(), "/members/", Strings.toString(tokenId));
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC721, IERC165) returns (bool) {
        return
            interfaceId == type(IERC5192).interfaceId ||
            interfaceId == type(IVotes).interfaceId ||
            interfaceId == type(IERC6372).interfaceId ||
            super.supportsInterface(interfaceId);
    }

    // ------------------------------------------------------------------ votes, for any Governor

    /// @inheritdoc IERC6372
    function clock() public view returns (uint48) {
        return uint48(block.timestamp); // below 2^48 for nine million years
    }

    /// @inheritdoc IERC6372
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc IVotes
    function getVotes(address account) external view returns (uint256) {
        return _records[memberIdOf(account)].status == Status.Active ? 1 : 0;
    }

    /// @inheritdoc IVotes
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        uint48 t = _past(timepoint);
        Binding memory binding = _bindings[account];
        if (t < binding.from || (binding.until != 0 && t >= binding.until)) return 0;
        return activeAt(binding.memberId, t) ? 1 : 0;
    }

    /// @inheritdoc IVotes
    function getPastTotalSupply(uint256 timepoint) external view returns (uint256) {
        return activeCountAt(_past(timepoint));
    }

    /// @inheritdoc IVotes
    /// @dev Everyone votes for themselves: delegation is by topic, in a module of its own.
    function delegates(address account) external pure returns (address) {
        return account;
    }

    /// @inheritdoc IVotes
    function delegate(address) external pure {
        revert MembershipNoDelegation();
    }

    /// @inheritdoc IVotes
    function delegateBySig(address, uint256, uint256, uint8, bytes32, bytes32) external pure {
        revert MembershipNoDelegation();
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IMembership
    function member(uint32 memberId) external view returns (Member memory) {
        Record memory record = _known(memberId);
        return Member(record.account, record.status, record.since, record.joinedAt, record.founder);
    }

    /// @inheritdoc IMembership
    function memberIdOf(address account) public view returns (uint32) {
        Binding storage binding = _bindings[account];
        return binding.until == 0 ? binding.memberId : 0;
    }

    /// @inheritdoc IMembership
    function lastMemberIdOf(address account) external view returns (uint32) {
        return _bindings[account].memberId;
    }

    /// @inheritdoc IMembership
    function accountOf(uint32 memberId) external view returns (address) {
        return _known(memberId).account;
    }

    /// @inheritdoc IMembership
    function statusOf(uint32 memberId) external view returns (Status) {
        return _records[memberId].status;
    }

    /// @inheritdoc IMembership
    function requireActive(address account) external view returns (uint32 memberId) {
        (memberId, ) = _requireActive(account);
    }

    /// @inheritdoc IMembership
    function requireFull(address account) external view returns (uint32 memberId) {
        Record memory record;
        (memberId, record) = _requireActive(account);
        uint48 until = _probationUntil(record);
        if (block.timestamp < until) revert MembershipOnProbation(memberId, until);
    }

    /// @inheritdoc IMembership
    function probationUntil(uint32 memberId) external view returns (uint48) {
        return _probationUntil(_known(memberId));
    }

    /// @inheritdoc IMembership
    function isFull(uint32 memberId) external view returns (bool) {
        Record memory record = _records[memberId];
        return record.status == Status.Active && block.timestamp >= _probationUntil(record);
    }

    /// @inheritdoc IMembership
    function activeAt(uint32 memberId, uint48 t) public view returns (bool) {
        _requirePast(t);
        return _wasActive(memberId, _records[memberId], t);
    }

    /// @inheritdoc IMembership
    function ballotAccount(uint32 memberId, uint48 electorateAt) external view returns (address) {
        _requirePast(electorateAt);
        Record memory record = _records[memberId];
        return _mayVote(memberId, record, electorateAt) ? record.account : address(0);
    }

    /// @inheritdoc IMembership
    function voterOf(address account, uint48 electorateAt) external view returns (uint32 memberId) {
        _requirePast(electorateAt);
        memberId = memberIdOf(account);
        return _mayVote(memberId, _records[memberId], electorateAt) ? memberId : 0;
    }

    /// @inheritdoc IMembership
    function memberCount() external view returns (uint32) {
        return _counts.members;
    }

    /// @inheritdoc IMembership
    function activeCount() external view returns (uint32) {
        return _counts.active;
    }

    /// @inheritdoc IMembership
    function activeCountAt(uint48 t) public view returns (uint32) {
        _requirePast(t);
        // Only `Counts.active`, 32 bits, is ever pushed. Mostly nothing changed since `t`: then the last one answers.
        (bool exists, uint48 since, uint208 count) = _activeCounts.latestCheckpoint();
        return uint32(exists && since <= t ? count : _activeCounts.upperLookupRecent(t));
    }

    /// @inheritdoc IMembership
    function activeAtSeasonStart() public view returns (uint32) {
        uint32 season = _constitution.currentSeason();
        (uint48 start, ) = _constitution.seasonBounds(season);
        // The second before, so that nothing done in the season's first second moves its limits. Nobody can join in
        // the second in which the first season starts, and founders may have in it.
        if (season > 1) return activeCountAt(start - 1);
        return start < clock() ? activeCountAt(start) : _counts.active;
    }

    /// @inheritdoc IMembership
    /// @dev Highs are those of the current season and the four before it, whatever `t` is.
    function quorumBase(uint48 t) external view returns (uint32) {
        uint32 base = activeCountAt(t);
        uint160 highs = _inSeason(_counts, _constitution.currentSeason()).highs;
        for (uint256 i = 0; i < HIGHS; ++i) {
            uint32 high = uint32(highs >> (32 * i)); // truncation picks the i-th field
            uint32 half = high / 2 + (high % 2);
            if (half > base) base = half;
        }
        return base;
    }

    /// @inheritdoc IMembership
    function expulsionsIn(uint32 season) external view returns (uint32) {
        return _expulsions[season];
    }

    // ------------------------------------------------------------------ one setter for every change of status

    function _join(address account, bool founder) private returns (uint32 memberId) {
        if (account == address(0)) revert MembershipZeroAccount();
        Binding memory binding = _bindings[account];
        memberId = binding.memberId;
        bool returned = memberId != 0;
        if (returned) {
            if (founder || binding.until != 0 || _isHeld(_records[memberId].status)) {
                revert MembershipAccountTaken(account, memberId);
            }
        } else {
            memberId = ++_counts.members;
            _bindings[account] = Binding({memberId: memberId, from: clock(), until: 0});
        }
        Record storage record = _records[memberId];
        record.account = account;
        record.joinedAt = uint40(block.timestamp);
        record.founder = founder;
        emit MemberAdmitted(memberId, account, founder, returned);
        _setStatus(memberId, Status.Active);
    }

    /// @dev Writes the status, the history and the counts, says so in every standard's events, then tells the
    /// observers.
    function _setStatus(uint32 memberId, Status to) private {
        Record storage record = _records[memberId];
        address account = record.account;
        Status from = record.status;
        bool wasActive = from == Status.Active;
        bool isActive = to == Status.Active;

        if (wasActive != isActive) {
            Checkpoints.Trace208 storage trace = _activeness[memberId];
            if (from != Status.None) {
                if (trace.length() == 0) trace.push(record.joinedAt, 1);
                trace.push(clock(), isActive ? 1 : 0);
            }
            _countActive(isActive);
        }
        record.status = to;
        record.since = uint40(block.timestamp);

        if (_isHeld(from) && !_isHeld(to)) emit Transfer(account, address(0), memberId);
        if (!_isHeld(from) && _isHeld(to)) {
            emit Transfer(address(0), account, memberId);
            emit Locked(memberId);
        }
        if (wasActive != isActive) emit DelegateVotesChanged(account, wasActive ? 1 : 0, isActive ? 1 : 0);
        emit StatusChanged(memberId, from, to);

        for (uint256 slot = 0; slot < OBSERVERS; ++slot) {
            address observer = _observers[slot];
            if (observer != address(0)) IMembershipObserver(observer).onStatusChange(memberId, from, to);
        }
    }

    function _countActive(bool oneMore) private {
        Counts memory counts = _inSeason(_counts, _season());
        counts.active = oneMore ? counts.active + 1 : counts.active - 1;
        if (counts.active > uint32(counts.highs)) {
            counts.highs = ((counts.highs >> 32) << 32) | counts.active;
        }
        _counts = counts;
        _activeCounts.push(clock(), counts.active);
    }

    /// @dev The counts with the highs carried on to `season`: one without changes is as high as the count it began
    /// with. A shift drops what is older than five seasons.
    function _inSeason(Counts memory counts, uint32 season) private pure returns (Counts memory) {
        uint256 passed = season - counts.season;
        for (uint256 i = 0; i < passed && i < HIGHS; ++i) {
            counts.highs = (counts.highs << 32) | counts.active;
        }
        counts.season = season;
        return counts;
    }

    /// @dev Founders join before the first season starts; that counts as the first.
    function _season() private view returns (uint32) {
        return _constitution.constitutedAt() == 0 ? 1 : _constitution.currentSeason();
    }

    // ------------------------------------------------------------------ checks

    /// @dev Whether a status holds the token.
    function _isHeld(Status status) private pure returns (bool) {
        return status == Status.Active || status == Status.Dormant;
    }

    function _requireStatus(uint32 memberId, Status required) private view {
        Status status = _records[memberId].status;
        if (status != required) revert MembershipWrongStatus(memberId, status, required);
    }

    function _known(uint32 memberId) private view returns (Record memory record) {
        record = _records[memberId];
        if (record.status == Status.None) revert MembershipUnknownMember(memberId);
    }

    function _requireActive(address account) private view returns (uint32 memberId, Record memory record) {
        memberId = memberIdOf(account);
        if (memberId == 0) revert MembershipNotMember(account);
        record = _records[memberId];
        if (record.status != Status.Active) revert MembershipNotActive(memberId, record.status);
    }

    function _probationUntil(Record memory record) private view returns (uint48) {
        if (record.founder) return 0;
        // 40 bits and 32 bits add up to less than 48.
        return record.joinedAt + uint48(Parameters.at(_constitution.word(Parameters.ADMISSION), Parameters.PROBATION));
    }

    /// @dev Whether a member was active at `t` and has not left or been expelled since. Someone who returned joined
    /// after `t`.
    function _mayVote(uint32 memberId, Record memory record, uint48 t) private view returns (bool) {
        return _isHeld(record.status) && record.joinedAt <= t && _wasActive(memberId, record, t);
    }

    /// @dev The record alone answers when nothing changed since `t`.
    function _wasActive(uint32 memberId, Record memory record, uint48 t) private view returns (bool) {
        if (record.since <= t) return record.status == Status.Active;
        return _activeness[memberId].upperLookupRecent(t) == 1;
    }

    function _requirePast(uint48 t) private view {
        if (t >= block.timestamp) revert MembershipFutureLookup(t, clock());
    }

    function _past(uint256 timepoint) private view returns (uint48) {
        if (timepoint >= block.timestamp) revert MembershipFutureLookup(timepoint, clock());
        return uint48(timepoint); // below the block's timestamp
    }

    // ------------------------------------------------------------------ inherited twice

    function _ownerOf(uint256 tokenId) internal view override returns (address) {
        if (tokenId > type(uint32).max) return address(0);
        Record storage record = _records[uint32(tokenId)]; // checked above
        return _isHeld(record.status) ? record.account : address(0);
    }

    function _msgSender() internal view override(Context, Module) returns (address) {
        return Module._msgSender();
    }

    function _msgData() internal view override(Context, Module) returns (bytes calldata) {
        return Module._msgData();
    }

    function _contextSuffixLength() internal view override(Context, Module) returns (uint256) {
        return Module._contextSuffixLength();
    }
}
