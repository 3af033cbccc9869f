// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAssembly} from "../assembly/IAssembly.sol";
import {IConstitution} from "../constitution/IConstitution.sol";
import {IVoiceCredits} from "../credits/IVoiceCredits.sol";
import {IMembership, Status} from "../membership/IMembership.sol";
import {IPolls} from "../polls/IPolls.sol";
import {PollBallot} from "../polls/PollBallot.sol";
import {IDelegation} from "./IDelegation.sol";
import {KnownEnds} from "./KnownEnds.sol";
import {StoredDelegation, StoredDelegationLibrary} from "./StoredDelegation.sol";

/// @title Delegation
/// @dev No function of it needs a power: members name their own delegates, and anyone may have ballots filled in. The
/// assembly and the polls know it as their follower. It calls only contracts of the commune, fixed when it is deployed.
contract Delegation is IDelegation, ERC2771Context {
    using KnownEnds for KnownEnds.Page;

    /// @inheritdoc IDelegation
    uint256 public constant MAX_HOPS = 8;
    /// @inheritdoc IDelegation
    uint256 public constant LATE = 24 hours;

    /// @dev As many votes as a proposal's ballot holds.
    uint8 private constant MAX_VOTES = 31;
    /// @dev To what a ballot's time is known: it may have been cast until the end of that hour.
    uint256 private constant CAST_WITHIN = 1 hours;

    /// @dev A proposal or an open poll.
    /// @param votes whom to ask for ballots
    /// @param question the call that asks for one
    /// @param answer what it last gave
    struct Vote {
        bool isPoll;
        uint256 id;
        uint16 topic;
        uint32 season;
        uint48 electorateAt;
        uint256 deadline;
        uint256 followEnd;
        address votes;
        uint256[3] question;
        uint256[5] answer;
    }

    /// @dev What a member's chain gives them.
    /// @param ballot of a proposal: bits 0-7 support, from 8 votes; of a poll: as `IPolls` has it
    struct Outcome {
        FollowProblem problem;
        uint32 voter;
        uint256 ballot;
        uint256 cost;
        uint256 maxVotes;
        uint256 maxCredits;
    }

    IConstitution private immutable _constitution;
    IMembership private immutable _membership;
    IVoiceCredits private immutable _credits;
    IAssembly private immutable _assembly;
    IPolls private immutable _polls;

    /// @dev Keyed by topic << 32 | memberId.
    mapping(uint256 key => StoredDelegation last) private _last;
    /// @dev What `_last` was before, oldest first; its `changes` says how many there are.
    mapping(uint256 key => mapping(uint256 index => StoredDelegation older)) private _older;
    /// @dev 16 bits a member, 16 members a slot, keyed by season << 48 | topic << 32 | memberId / 16. A season's budget
    /// has 10 bits, and no more is ever spent.
    mapping(uint256 key => uint256 cells) private _spent;

    constructor(
        address forwarder,
        IConstitution constitution,
        IMembership membership,
        IVoiceCredits credits,
        IAssembly assembly_,
        IPolls polls
    ) ERC2771Context(forwarder) {
        _constitution = constitution;
        _membership = membership;
        _credits = credits;
        _assembly = assembly_;
        _polls = polls;
    }

    // ------------------------------------------------------------------ delegating

    /// @inheritdoc IDelegation
    function delegate(uint16 topic, uint32 to, uint8 maxVotes, uint16 maxCredits) external {
        uint32 memberId = _membership.requireActive(_msgSender());
        if (!_constitution.topicExists(topic)) revert DelegationUnknownTopic(topic);
        if (to == memberId) revert DelegationToSelf(memberId);
        if (_membership.statusOf(to) != Status.Active) revert DelegationDelegateNotActive(to);
        if (maxVotes == 0 || maxVotes > MAX_VOTES) revert DelegationVotesOutOfRange(maxVotes, MAX_VOTES);
        _set(memberId, topic, to, maxVotes, maxCredits);
    }

    /// @inheritdoc IDelegation
    function revoke(uint16 topic) external {
        address account = _msgSender();
        uint32 memberId = _membership.memberIdOf(account);
        if (memberId == 0) revert IMembership.MembershipNotMember(account);
        if (_last[_keyOf(topic, memberId)].delegate() == 0) revert DelegationNone(memberId, topic);
        _set(memberId, topic, 0, 0, 0);
    }

    function _set(uint32 memberId, uint16 topic, uint32 to, uint8 maxVotes, uint16 maxCredits) private {
        uint256 key = _keyOf(topic, memberId);
        StoredDelegation last = _last[key];
        uint32 changes = last.changes();
        uint48 clock = uint48(block.timestamp);
        // Reads are of the past: nobody has seen, or ever will, what held for less than a second.
        if (last.since() != 0 && last.since() != clock) {
            _older[key][changes] = last;
            ++changes;
        }
        _last[key] = StoredDelegationLibrary.pack(to, maxVotes, maxCredits, clock, changes);
        emit Delegated(memberId, topic, to, maxVotes, maxCredits);
    }

    // ------------------------------------------------------------------ following

    /// @inheritdoc IDelegation
    function follow(uint256 proposalId, uint32[] calldata memberIds) external returns (uint256 followed) {
        return _follow(_proposal(proposalId), memberIds);
    }

    /// @inheritdoc IDelegation
    function followPoll(uint32 pollId, uint32[] calldata memberIds) external returns (uint256 followed) {
        return _follow(_poll(pollId), memberIds);
    }

    /// @dev First what everyone's chain gives them, then their budgets, then the ballots: none of these changes what was
    /// found before it, but for a member whom a page names twice.
    function _follow(Vote memory vote, uint32[] calldata memberIds) private returns (uint256 followed) {
        if (block.timestamp <= vote.deadline || block.timestamp > vote.followEnd) {
            revert DelegationNotFollowPeriod(vote.id, vote.deadline, vote.followEnd);
        }
        KnownEnds.Page memory page = KnownEnds.forMembers(memberIds.length);
        Outcome[] memory outcomes = new Outcome[](memberIds.length);
        for (uint256 i; i < memberIds.length; ++i) {
            if (page.isFirst(memberIds[i])) _find(vote, memberIds[i], page, outcomes[i]);
            else outcomes[i].problem = FollowProblem.HasBallot;
        }
        _openBudgets(vote.season, memberIds, outcomes);
        for (uint256 i; i < memberIds.length; ++i) {
            Outcome memory outcome = outcomes[i];
            _afford(vote, memberIds[i], outcome);
            if (outcome.problem == FollowProblem.None) {
                ++followed;
                _record(vote, memberIds[i], outcome);
            } else if (vote.isPoll) {
                emit PollFollowSkipped(uint32(vote.id), memberIds[i], outcome.problem);
            } else {
                emit FollowSkipped(vote.id, memberIds[i], outcome.problem);
            }
        }
    }

    /// @dev All at once, which is cheaper than one by one. Only the current season's can be opened ahead; after a season's
    /// end each is opened when it is charged.
    function _openBudgets(uint32 season, uint32[] calldata memberIds, Outcome[] memory outcomes) private {
        if (_constitution.currentSeason() != season) return;
        uint32[] memory paying = new uint32[](memberIds.length);
        uint256 count;
        for (uint256 i; i < memberIds.length; ++i) {
            if (outcomes[i].cost == 0 || outcomes[i].maxCredits == 0) continue;
            paying[count] = memberIds[i];
            ++count;
        }
        if (count == 0) return;
        assembly ("memory-safe") {
            mstore(paying, count) // at most its length
        }
        _credits.open(paying);
    }

    function _record(Vote memory vote, uint32 memberId, Outcome memory outcome) private {
        if (outcome.cost != 0) {
            (uint256 key, uint256 shift) = _locate(memberId, vote.topic, vote.season);
            _spent[key] += outcome.cost << shift;
        }
        if (vote.isPoll) {
            emit PollFollowed(uint32(vote.id), memberId, outcome.voter);
            _polls.castFollowed(uint32(vote.id), memberId, outcome.ballot);
        } else {
            emit Followed(vote.id, memberId, outcome.voter);
            _assembly.castFollowed(vote.id, memberId, _support(outcome.ballot), _votes(outcome.ballot));
        }
    }

    // ------------------------------------------------------------------ outcomes

    /// @dev What a member would get if credits were no question: who may vote, whom they delegated to, where that leads.
    function _find(Vote memory vote, uint32 memberId, KnownEnds.Page memory page, Outcome memory outcome) private view {
        if (_membership.ballotAccount(memberId, vote.electorateAt) == address(0)) {
            outcome.problem = FollowProblem.NotInElectorate;
            return;
        }
        if (_hasBallot(vote, memberId)) {
            outcome.problem = FollowProblem.HasBallot;
            return;
        }
        StoredDelegation own = _delegationAt(vote.topic, memberId, vote.electorateAt);
        KnownEnds.End memory end = page.end;
        outcome.problem = _findEnd(vote, memberId, own.delegate(), page);
        if (outcome.problem != FollowProblem.None) return;
        outcome.voter = end.voter;
        outcome.maxVotes = own.maxVotes();
        outcome.maxCredits = own.maxCredits();
        outcome.ballot = _capped(vote, end.ballot, own.maxVotes());
        outcome.cost = _cost(vote, outcome.ballot);
    }

    function _outcomeOf(Vote memory vote, uint32 memberId) private view returns (Outcome memory outcome) {
        _find(vote, memberId, KnownEnds.forMembers(1), outcome);
        _afford(vote, memberId, outcome);
    }

    /// @dev Lowers the votes until the member's credits, and their cap on them, pay for them.
    function _afford(Vote memory vote, uint32 memberId, Outcome memory outcome) private view {
        if (outcome.cost == 0) return;
        uint256 limit = Math.saturatingSub(outcome.maxCredits, followSpent(memberId, vote.topic, vote.season));
        if (limit != 0) limit = Math.min(limit, _credits.creditsLeft(memberId, vote.season));
        if (outcome.cost <= limit) return;

        // The cost grows with the votes: between a number that is affordable, or 0, and one that is not.
        uint256 votes;
        uint256 tooMany = outcome.maxVotes;
        while (tooMany - votes > 1) {
            uint256 middle = (votes + tooMany) / 2;
            if (_cost(vote, _capped(vote, outcome.ballot, middle)) <= limit) votes = middle;
            else tooMany = middle;
        }
        if (votes == 0) {
            outcome.problem = FollowProblem.NotAffordable;
            return;
        }
        outcome.ballot = _capped(vote, outcome.ballot, votes);
        outcome.cost = _cost(vote, outcome.ballot);
    }

    /// @dev Follows the chain of a member who did not vote, and writes what it leads to into the page's `end`. Chains that
    /// end are remembered; those too long and cycles are walked again, so that what is said of them is the same from
    /// wherever a page begins.
    function _findEnd(
        Vote memory vote,
        uint32 memberId,
        uint32 at,
        KnownEnds.Page memory page
    ) private view returns (FollowProblem) {
        if (at == 0) return FollowProblem.NoDelegate;
        KnownEnds.End memory end = page.end;
        uint32[MAX_HOPS] memory passed;
        passed[0] = memberId;
        uint256 hop = 1;
        while (!page.recall(at)) {
            if (_hasBallot(vote, at) && !_isFollowed(vote)) {
                _readBallot(vote, at, end);
                page.keepOwn(at);
                break;
            }
            uint32 next = _delegationAt(vote.topic, at, vote.electorateAt).delegate();
            if (next == 0) {
                end.voter = 0;
                page.keepOwn(at);
                break;
            }
            if (hop == MAX_HOPS) return _isAmong(passed, at) ? FollowProblem.Cycle : FollowProblem.ChainTooLong;
            passed[hop] = at;
            unchecked {
                ++hop; // at most MAX_HOPS
            }
            at = next;
        }
        hop = page.keepAll(passed, hop);
        if (hop > MAX_HOPS) return FollowProblem.ChainTooLong;
        if (end.voter == 0) return FollowProblem.NoDelegate;
        return end.late ? FollowProblem.LateBallot : FollowProblem.None;
    }

    function _isAmong(uint32[MAX_HOPS] memory passed, uint32 memberId) private pure returns (bool) {
        for (uint256 i; i < MAX_HOPS; ++i) {
            if (passed[i] == memberId) return true;
        }
        return false;
    }

    // ------------------------------------------------------------------ proposals and polls

    function _proposal(uint256 proposalId) private view returns (Vote memory vote) {
        IAssembly.Terms memory terms = _assembly.termsOf(proposalId);
        if (terms.kind != IConstitution.RuleKind.Ordinary || terms.follow == 0) {
            revert DelegationNoFollowing(proposalId);
        }
        vote.id = proposalId;
        vote.topic = terms.topic;
        vote.season = terms.season;
        vote.electorateAt = terms.electorateAt;
        vote.deadline = IGovernor(address(_assembly)).proposalDeadline(proposalId);
        vote.followEnd = vote.deadline + terms.follow;
        _prepare(vote, address(_assembly), IAssembly.ballotOf.selector);
    }

    function _poll(uint32 pollId) private view returns (Vote memory vote) {
        IPolls.Poll memory poll = _polls.poll(pollId);
        if (poll.followEnd == poll.votingEnd) revert DelegationNoFollowing(pollId);
        vote.isPoll = true;
        vote.id = pollId;
        vote.topic = poll.topic;
        vote.season = poll.season;
        vote.electorateAt = poll.electorateAt;
        vote.deadline = poll.votingEnd;
        vote.followEnd = poll.followEnd;
        _prepare(vote, address(_polls), IPolls.ballotOf.selector);
    }

    /// @dev Asks for a member's ballot, without the compiler's coding: that would leave every answer in memory, which a page
    /// pays for, and a page asks a thousand times. Whom it asks is a contract of the commune, and answers in words; the
    /// first of them says whether there is a ballot.
    function _hasBallot(Vote memory vote, uint32 memberId) private view returns (bool cast) {
        address votes = vote.votes;
        uint256[3] memory question = vote.question;
        uint256[5] memory answer = vote.answer;
        uint256 member = memberId; // widened, since assembly takes the bits above 32 as they are
        assembly ("memory-safe") {
            mstore(add(question, 36), member)
            if iszero(staticcall(gas(), votes, question, 68, answer, 160)) {
                let pointer := mload(0x40)
                returndatacopy(pointer, 0, returndatasize())
                revert(pointer, returndatasize())
            }
            cast := mload(answer)
        }
    }

    /// @dev The question up to the memberId.
    function _prepare(Vote memory vote, address votes, bytes4 selector) private pure {
        uint256[3] memory question = vote.question;
        uint256 id = vote.id;
        vote.votes = votes;
        assembly ("memory-safe") {
            mstore(question, selector)
            mstore(add(question, 4), id)
        }
    }

    /// @dev Of the ballot that was asked for. `IPolls.ballotOf` answers cast, ballot, followed, castAt; `IAssembly.ballotOf`
    /// cast, support, votes, followed, castAt.
    function _isFollowed(Vote memory vote) private pure returns (bool) {
        return vote.answer[vote.isPoll ? 2 : 3] != 0;
    }

    /// @dev Puts the ballot that was asked for, which is `voter`'s, at the end of a chain.
    function _readBallot(Vote memory vote, uint32 voter, KnownEnds.End memory end) private pure {
        uint256[5] memory answer = vote.answer;
        uint256 castAt = answer[vote.isPoll ? 3 : 4];
        end.voter = voter;
        end.late = castAt + CAST_WITHIN + LATE > vote.deadline;
        end.ballot = vote.isPoll ? answer[1] : answer[1] | (answer[2] << 8);
    }

    /// @dev A ballot with at most so many votes on one thing.
    function _capped(Vote memory vote, uint256 ballot, uint256 most) private pure returns (uint256) {
        if (vote.isPoll) return PollBallot.capped(ballot, most);
        return uint256(_support(ballot)) | (Math.min(_votes(ballot), most) << 8);
    }

    /// @dev What a ballot takes from the season's budget; every decision brings one credit of its own.
    function _cost(Vote memory vote, uint256 ballot) private pure returns (uint256) {
        if (vote.isPoll) return Math.saturatingSub(PollBallot.cost(ballot), 1);
        return uint256(_votes(ballot)) * _votes(ballot) - 1;
    }

    function _support(uint256 ballot) private pure returns (uint8) {
        return uint8(ballot);
    }

    /// @dev Of a proposal's ballot: 5 bits.
    function _votes(uint256 ballot) private pure returns (uint8) {
        return uint8(ballot >> 8);
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IDelegation
    function delegationOf(uint32 memberId, uint16 topic) external view returns (Delegate memory) {
        return _last[_keyOf(topic, memberId)].unpack();
    }

    /// @inheritdoc IDelegation
    function delegationAt(uint32 memberId, uint16 topic, uint48 t) external view returns (Delegate memory) {
        if (t >= block.timestamp) revert DelegationFutureLookup(t, uint48(block.timestamp));
        return _delegationAt(topic, memberId, t).unpack();
    }

    /// @inheritdoc IDelegation
    function outcomeOf(
        uint256 proposalId,
        uint32 memberId
    ) external view returns (FollowProblem problem, uint32 voter, uint8 support, uint8 votes) {
        Outcome memory outcome = _outcomeOf(_proposal(proposalId), memberId);
        if (outcome.problem != FollowProblem.None) return (outcome.problem, 0, 0, 0);
        return (outcome.problem, outcome.voter, _support(outcome.ballot), _votes(outcome.ballot));
    }

    /// @inheritdoc IDelegation
    function pollOutcomeOf(
        uint32 pollId,
        uint32 memberId
    ) external view returns (FollowProblem problem, uint32 voter, uint256 ballot) {
        Outcome memory outcome = _outcomeOf(_poll(pollId), memberId);
        if (outcome.problem != FollowProblem.None) return (outcome.problem, 0, 0);
        return (outcome.problem, outcome.voter, outcome.ballot);
    }

    /// @inheritdoc IDelegation
    function followSpent(uint32 memberId, uint16 topic, uint32 season) public view returns (uint256) {
        (uint256 key, uint256 shift) = _locate(memberId, topic, season);
        return (_spent[key] >> shift) & type(uint16).max;
    }

    /// @dev The last word mostly answers; behind it the older ones are in order of time.
    function _delegationAt(uint16 topic, uint32 memberId, uint48 t) private view returns (StoredDelegation found) {
        uint256 key = _keyOf(topic, memberId);
        found = _last[key];
        if (found.since() <= t) return found;
        mapping(uint256 => StoredDelegation) storage older = _older[key];
        uint256 from;
        uint256 to = found.changes();
        while (from < to) {
            uint256 middle = (from + to) / 2;
            if (older[middle].since() <= t) from = middle + 1;
            else to = middle;
        }
        return from == 0 ? StoredDelegation.wrap(0) : older[from - 1];
    }

    function _keyOf(uint16 topic, uint32 memberId) private pure returns (uint256) {
        return (uint256(topic) << 32) | memberId;
    }

    function _locate(uint32 memberId, uint16 topic, uint32 season) private pure returns (uint256 key, uint256 shift) {
        return ((uint256(season) << 48) | (uint256(topic) << 32) | (memberId >> 4), (memberId & 15) << 4);
    }
}
