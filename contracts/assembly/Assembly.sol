// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {Context} from "@openzeppelin/contracts/utils/Context.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IConstitution} from "../constitution/IConstitution.sol";
import {Module} from "../constitution/Module.sol";
import {Parameters} from "../constitution/Parameters.sol";
import {IVoiceCredits} from "../credits/IVoiceCredits.sol";
import {Signatures} from "../forwarder/Signatures.sol";
import {IMembership} from "../membership/IMembership.sol";
import {IAssembly} from "./IAssembly.sol";
import {IDocket} from "./IDocket.sol";
import {ProposalTally} from "./ProposalTally.sol";
import {ProposalTerms} from "./ProposalTerms.sol";

/// @title Assembly
/// @dev Over 400 lines: a Governor keeps proposals, ballots and execution behind one address, and each override here
/// closes or replaces one inherited entry.
contract Assembly is IAssembly, Governor, Module {
    bytes32 private constant MEMBER_BALLOT_TYPEHASH = keccak256(
        "MemberBallot(uint256 proposalId,uint32 memberId,uint8 support,uint8 votes)"
    );
    /// @dev Five bits of a ballot cell.
    uint8 private constant MAX_VOTES = 31;
    uint256 private constant PPM = 1_000_000;

    /// @dev What `votingDelay` and `votingPeriod` answer while a proposal opens, so that the core stores, and
    /// `ProposalCreated` shows, the dates of the proposal's own rule. Empty again afterwards: the refund for that makes
    /// an empty slot the cheapest one to use.
    struct Opening {
        bool active;
        uint32 delay;
        uint32 period;
    }

    IConstitution private immutable _constitution;
    IMembership private immutable _membership;
    IVoiceCredits private immutable _credits;
    IDocket private immutable _docket;
    TimelockController private immutable _timelock;

    Opening private _opening;
    address private _follower;
    mapping(address module => bool) private _openers;
    mapping(uint256 proposalId => ProposalTerms) private _terms;
    mapping(uint256 proposalId => ProposalTally) private _tallies;
    /// @dev 16 bits a member, 16 members a slot: bits 0-1 choice (0 none, 1 Against, 2 For, 3 Abstain), 2-6 votes,
    /// 7 followed, 8-15 hours from the start of voting.
    mapping(uint256 proposalId => mapping(uint256 slot => uint256 cells)) private _ballots;
    mapping(uint32 memberId => uint256 proposalId) private _lastProposal;

    constructor(
        address powers,
        address forwarder,
        IConstitution constitution,
        IMembership membership,
        IVoiceCredits credits,
        IDocket docket,
        TimelockController timelock_
    ) Governor("Dual Power Assembly") Module(powers, forwarder) {
        _constitution = constitution;
        _membership = membership;
        _credits = credits;
        _docket = docket;
        _timelock = timelock_;
    }

    // ------------------------------------------------------------------ opening

    /// @notice Opens a sponsored draft. Active members, one live proposal each.
    /// @param description ends in `#nonce=<digits>#proposer=0x<author's account>`
    function propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description
    ) public override(Governor) returns (uint256 proposalId) {
        address proposer = _msgSender();
        uint32 author = _membership.requireActive(proposer);
        uint256 live = liveProposalOf(author);
        if (live != 0) revert AssemblyLiveProposal(author, live);

        proposalId = _open(author, IDocket.Draft(proposer, targets, values, calldatas, description));
        _lastProposal[author] = proposalId;
    }

    /// @inheritdoc IAssembly
    function openFor(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description
    ) external returns (uint256 proposalId) {
        if (!_openers[msg.sender]) revert AssemblyOnlyOpener(msg.sender);
        proposalId = _open(0, IDocket.Draft(msg.sender, targets, values, calldatas, description));
    }

    function _open(uint32 author, IDocket.Draft memory draft) private returns (uint256 proposalId) {
        proposalId = getProposalId(draft.targets, draft.values, draft.calldatas, keccak256(bytes(draft.description)));
        if (proposalSnapshot(proposalId) != 0) revert AssemblyAlreadyOpened(proposalId);
        IDocket.Opening memory opening = _docket.open(proposalId, author, draft);
        _opening = Opening({active: true, delay: opening.deliberation, period: opening.voting});
        _propose(draft.targets, draft.values, draft.calldatas, draft.description, draft.proposer);
        delete _opening;
        _terms[proposalId] = opening.terms;
    }

    // ------------------------------------------------------------------ ballots

    /// @inheritdoc IAssembly
    function castBallot(uint256 proposalId, uint8 support, uint8 votes) external {
        address account = _msgSender();
        _requireVoting(proposalId);
        ProposalTerms terms = _terms[proposalId];
        uint32 memberId = _voterOf(proposalId, account, terms);
        _recordDirect(proposalId, memberId, support, votes, terms);
        _announce(proposalId, account, support, votes, "");
    }

    /// @inheritdoc IAssembly
    function castBallotBySig(SignedBallot calldata ballot) external {
        uint256 proposalId = ballot.proposalId;
        _requireVoting(proposalId);
        ProposalTerms terms = _terms[proposalId];
        address account = _membership.ballotAccount(ballot.memberId, terms.electorateAt());
        if (account == address(0)) revert AssemblyNotInElectorate(proposalId, account, ballot.memberId);
        bytes32 digest = ballotDigest(proposalId, ballot.memberId, ballot.support, ballot.votes);
        uint256 gasCap =
            account.code.length == 0
                ? 0
                : Parameters.at(_constitution.word(Parameters.ASSEMBLY), Parameters.SIGNATURE_GAS);
        if (!Signatures.isValid(account, digest, ballot.signature, gasCap)) {
            revert AssemblyBadSignature(proposalId, ballot.memberId);
        }
        _recordDirect(proposalId, ballot.memberId, ballot.support, ballot.votes, terms);
        _announce(proposalId, account, ballot.support, ballot.votes, "");
    }

    /// @inheritdoc IAssembly
    function castBallots(SignedBallot[] calldata ballots) external returns (uint256 recorded) {
        for (uint256 i; i < ballots.length; ++i) {
            try this.castBallotBySig(ballots[i]) {
                ++recorded;
            } catch (bytes memory reason) {
                emit BallotSkipped(ballots[i].proposalId, ballots[i].memberId, reason);
            }
        }
    }

    /// @inheritdoc IAssembly
    function castFollowed(uint256 proposalId, uint32 memberId, uint8 support, uint8 votes) external {
        if (msg.sender != _follower) revert AssemblyOnlyFollower(msg.sender);
        _validateStateBitmap(proposalId, _encodeStateBitmap(ProposalState.Active));
        uint256 deadline = proposalDeadline(proposalId);
        if (clock() <= deadline) revert AssemblyNotFollowPeriod(proposalId, deadline, followEnd(proposalId));
        ProposalTerms terms = _terms[proposalId];
        address account = _membership.ballotAccount(memberId, terms.electorateAt());
        if (account == address(0)) revert AssemblyNotInElectorate(proposalId, account, memberId);
        _record(proposalId, memberId, support, votes, true, terms);
        _announce(proposalId, account, support, votes, "");
    }

    /// @dev The entry of `castVote` and its variants. `params` is empty (one vote) or `abi.encode(uint8 votes)`.
    function _castVote(
        uint256 proposalId,
        address account,
        uint8 support,
        string memory reason,
        bytes memory params
    ) internal override returns (uint256) {
        uint8 votes = 1;
        if (params.length != 0) {
            if (params.length != 32) revert AssemblyBadParams(params.length);
            uint256 given = abi.decode(params, (uint256));
            // Anything above 255 is out of range as 255 is.
            votes = uint8(Math.min(given, type(uint8).max));
        }
        _requireVoting(proposalId);
        ProposalTerms terms = _terms[proposalId];
        uint32 memberId = _voterOf(proposalId, account, terms);
        _recordDirect(proposalId, memberId, support, votes, terms);
        if (params.length == 0) _announce(proposalId, account, support, votes, reason);
        else emit VoteCastWithParams(account, proposalId, support, votes, reason, params);
        return votes;
    }

    /// @dev OpenZeppelin's event; its weight is the number of votes.
    function _announce(uint256 proposalId, address account, uint8 support, uint8 votes, string memory reason) private {
        emit VoteCast(account, proposalId, support, votes, reason);
    }

    /// @dev The core's Active is direct voting alone; ours goes on through the follow period.
    function _requireVoting(uint256 proposalId) private view {
        if (super.state(proposalId) == ProposalState.Active) return;
        _validateStateBitmap(proposalId, _encodeStateBitmap(ProposalState.Active));
        revert AssemblyVotingClosed(proposalId, proposalDeadline(proposalId));
    }

    function _voterOf(uint256 proposalId, address account, ProposalTerms terms) private view returns (uint32 memberId) {
        memberId = _membership.voterOf(account, terms.electorateAt());
        if (memberId == 0) revert AssemblyNotInElectorate(proposalId, account, 0);
    }

    /// @dev Records a direct ballot. The head that completes the quorum may move the deadline: only one ballot ever
    /// completes it, so that voting is extended once at most.
    function _recordDirect(
        uint256 proposalId,
        uint32 memberId,
        uint8 support,
        uint8 votes,
        ProposalTerms terms
    ) private {
        ProposalTally tally = _record(proposalId, memberId, support, votes, false, terms);
        if (tally.heads() == terms.quorum()) {
            // 24 bits of seconds from now stay within 48.
            uint48 extended = uint48(clock() + terms.lateExtension());
            if (extended > proposalDeadline(proposalId)) {
                _tallies[proposalId] = tally.extend(extended);
                emit ProposalExtended(proposalId, extended);
            }
        }
    }

    function _record(
        uint256 proposalId,
        uint32 memberId,
        uint8 support,
        uint8 votes,
        bool followed,
        ProposalTerms terms
    ) private returns (ProposalTally tally) {
        IConstitution.RuleKind kind = terms.kind();
        bool quadratic = kind == IConstitution.RuleKind.Ordinary;
        uint8 maximum = quadratic ? MAX_VOTES : 1;
        if (support > 2) revert AssemblyUnknownSupport(support);
        if (votes == 0 || votes > maximum) revert AssemblyVotesOutOfRange(votes, maximum);

        _fillCell(proposalId, memberId, support, votes, followed);
        tally = _tallies[proposalId].add(support, votes, followed);
        _tallies[proposalId] = tally;
        // At most 31^2 - 1 = 960.
        uint16 cost = quadratic ? uint16(votes) * votes - 1 : 0;
        emit BallotRecorded(proposalId, memberId, support, votes, kind, cost, followed);
        _credits.spend(memberId, terms.season(), cost, !followed);
    }

    function _fillCell(uint256 proposalId, uint32 memberId, uint8 support, uint8 votes, bool followed) private {
        mapping(uint256 => uint256) storage ballots = _ballots[proposalId];
        uint256 cells = ballots[memberId >> 4];
        uint256 shift = (memberId & 15) << 4;
        if ((cells >> shift) & type(uint16).max != 0) revert AssemblyAlreadyVoted(proposalId, memberId);
        // Eight bits of hours: voting and its extension are bounded below 255 hours, following happens after.
        uint256 hour = Math.min((clock() - proposalSnapshot(proposalId)) / 1 hours, type(uint8).max);
        uint256 cell = (uint256(support) + 1) | (uint256(votes) << 2) | (hour << 8);
        if (followed) cell |= 1 << 7;
        ballots[memberId >> 4] = cells | (cell << shift);
    }

    // ------------------------------------------------------------------ outcome

    /// @notice Follow period and expiry added to the core's states: Active until `followEnd`; a passed proposal is
    /// Expired once its time to be executed is over, queued or not.
    function state(uint256 proposalId) public view override returns (ProposalState current) {
        current = super.state(proposalId);
        if (
            current == ProposalState.Defeated || current == ProposalState.Succeeded || current == ProposalState.Queued
        ) {
            uint256 end = followEnd(proposalId);
            if (clock() <= end) return ProposalState.Active;
            if (current != ProposalState.Defeated && clock() > end + _terms[proposalId].expiry()) {
                return ProposalState.Expired;
            }
        }
    }

    function _quorumReached(uint256 proposalId) internal view override returns (bool) {
        return _tallies[proposalId].heads() >= _terms[proposalId].quorum();
    }

    function _voteSucceeded(uint256 proposalId) internal view override returns (bool) {
        ProposalTally tally = _tallies[proposalId];
        ProposalTerms terms = _terms[proposalId];
        uint256 against = tally.votes(0);
        uint256 inFavour = tally.votes(1);
        return
            inFavour > against &&
            inFavour * PPM >= terms.approvalPpm() * (inFavour + against) &&
            tally.forHeads() >= terms.forHeads();
    }

    // ------------------------------------------------------------------ queue and execution

    /// @inheritdoc IGovernor
    function proposalNeedsQueuing(uint256 proposalId) public view override(Governor) returns (bool) {
        return _terms[proposalId].kind() < IConstitution.RuleKind.Person;
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override returns (uint48) {
        if (!proposalNeedsQueuing(proposalId)) revert AssemblyNoQueue(proposalId);
        uint256 delay = _terms[proposalId].queue();
        _timelock.scheduleBatch(targets, values, calldatas, 0, _salt(descriptionHash), delay);
        return uint48(clock() + delay);
    }

    /// @dev The core has marked the proposal executed before. Person votes are carried out by the assembly itself.
    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override {
        _docket.requireUnchanged(proposalId, targets);
        if (proposalNeedsQueuing(proposalId)) {
            _timelock.executeBatch{value: msg.value}(targets, values, calldatas, 0, _salt(descriptionHash));
        } else {
            super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
        }
    }

    function _executor() internal view override returns (address) {
        return address(_timelock);
    }

    /// @dev The author, by membership, while the proposal is pending.
    function _validateCancel(uint256 proposalId, address caller) internal view override returns (bool) {
        uint32 memberId = _membership.memberIdOf(caller);
        return _lastProposal[memberId] == proposalId && state(proposalId) == ProposalState.Pending;
    }

    /// @dev As OpenZeppelin's: two governors on one timelock do not collide.
    function _salt(bytes32 descriptionHash) private view returns (bytes32) {
        return bytes20(address(this)) ^ descriptionHash;
    }

    // ------------------------------------------------------------------ modules

    /// @inheritdoc IAssembly
    function setOpener(address module, bool allowed) external restricted {
        _openers[module] = allowed;
        emit OpenerSet(module, allowed);
    }

    /// @inheritdoc IAssembly
    function setFollower(address follower_) external restricted {
        _follower = follower_;
        emit FollowerSet(follower_);
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IAssembly
    function isOpener(address module) external view returns (bool) {
        return _openers[module];
    }

    /// @inheritdoc IAssembly
    function follower() external view returns (address) {
        return _follower;
    }

    /// @notice The timelock that carries out what needs queueing and holds the commune's powers.
    function timelock() external view returns (address) {
        return address(_timelock);
    }

    /// @inheritdoc IAssembly
    function termsOf(uint256 proposalId) external view returns (Terms memory) {
        return _terms[proposalId].unpack();
    }

    /// @inheritdoc IAssembly
    function tallyOf(uint256 proposalId) external view returns (Tally memory) {
        return _tallies[proposalId].unpack();
    }

    /// @notice Votes Against, For and Abstain, as OpenZeppelin's counting modules give them.
    function proposalVotes(
        uint256 proposalId
    ) external view returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes) {
        ProposalTally tally = _tallies[proposalId];
        return (tally.votes(0), tally.votes(1), tally.votes(2));
    }

    /// @inheritdoc IAssembly
    function ballotOf(uint256 proposalId, uint32 memberId) external view returns (Ballot memory ballot) {
        uint256 cell = _cellOf(proposalId, memberId);
        if (cell == 0) return ballot;
        ballot.cast = true;
        ballot.support = uint8(cell & 3) - 1;
        ballot.votes = uint8((cell >> 2) & 31);
        ballot.followed = (cell >> 7) & 1 == 1;
        ballot.castAt = uint48(proposalSnapshot(proposalId) + (cell >> 8) * 1 hours);
    }

    /// @inheritdoc IAssembly
    function electorateAt(uint256 proposalId) external view returns (uint48) {
        return _terms[proposalId].electorateAt();
    }

    /// @notice The end of direct voting, a late quorum's extension included.
    function proposalDeadline(uint256 proposalId) public view override(Governor) returns (uint256) {
        return Math.max(super.proposalDeadline(proposalId), _tallies[proposalId].extendedDeadline());
    }

    /// @inheritdoc IAssembly
    function followEnd(uint256 proposalId) public view returns (uint256) {
        return proposalDeadline(proposalId) + _terms[proposalId].follow();
    }

    /// @inheritdoc IAssembly
    function liveProposalOf(uint32 memberId) public view returns (uint256 proposalId) {
        proposalId = _lastProposal[memberId];
        if (proposalId == 0) return 0;
        ProposalState current = state(proposalId);
        bool live =
            current == ProposalState.Pending ||
                current == ProposalState.Active ||
                current == ProposalState.Succeeded ||
                current == ProposalState.Queued;
        return live ? proposalId : 0;
    }

    /// @inheritdoc IAssembly
    function ballotDigest(
        uint256 proposalId,
        uint32 memberId,
        uint8 support,
        uint8 votes
    ) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(MEMBER_BALLOT_TYPEHASH, proposalId, memberId, support, votes)));
    }

    /// @notice Whether the member who holds `account` has a ballot in this vote.
    function hasVoted(uint256 proposalId, address account) external view returns (bool) {
        return _cellOf(proposalId, _membership.memberIdOf(account)) != 0;
    }

    /// @notice Heads that an ordinary proposal opened at `timepoint` would take.
    function quorum(uint256 timepoint) public view override returns (uint256) {
        return _docket.quorumOf(IConstitution.RuleKind.Ordinary, uint48(timepoint));
    }

    /// @notice Deliberation of the ordinary rule, seconds; while a proposal opens, of its own.
    function votingDelay() public view override returns (uint256) {
        if (_opening.active) return _opening.delay;
        return _ordinary(Parameters.DELIBERATION);
    }

    /// @notice Voting time of the ordinary rule, seconds; while a proposal opens, of its own.
    function votingPeriod() public view override returns (uint256) {
        if (_opening.active) return _opening.period;
        return _ordinary(Parameters.VOTING);
    }

    /// @dev The clock of timestamps, ERC-6372.
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    // solhint-disable-next-line func-name-mixedcase
    function COUNTING_MODE() public pure override returns (string memory) {
        return "support=bravo&quorum=heads&params=votes";
    }

    function _ordinary(uint256 field) private view returns (uint256) {
        return Parameters.at(_constitution.word(Parameters.ORDINARY), field);
    }

    function _cellOf(uint256 proposalId, uint32 memberId) private view returns (uint256) {
        return (_ballots[proposalId][memberId >> 4] >> ((memberId & 15) << 4)) & type(uint16).max;
    }

    /// @dev One vote for the account that held an active membership then; the number of votes is the ballot's.
    function _getVotes(address account, uint256 timepoint, bytes memory) internal view override returns (uint256) {
        return _membership.getPastVotes(account, timepoint);
    }

    // ------------------------------------------------------------------ inherited entries that are closed

    /// @notice Disabled: sequential nonces would let one signature void another. Sign a `MemberBallot`.
    function castVoteBySig(uint256, uint8, address, bytes memory) public pure override returns (uint256) {
        revert AssemblyUseMemberBallot();
    }

    /// @notice Disabled, as `castVoteBySig`.
    function castVoteWithReasonAndParamsBySig(
        uint256,
        uint8,
        address,
        string calldata,
        bytes memory,
        bytes memory
    ) public pure override returns (uint256) {
        revert AssemblyUseMemberBallot();
    }

    /// @notice Disabled: a call within a call would evade its rule.
    function relay(address, uint256, bytes calldata) external payable override {
        revert AssemblyDisabled(msg.sig);
    }

    /// @dev Never reached: `_castVote` records ballots by member.
    function _countVote(uint256, address, uint8, uint256, bytes memory) internal pure override returns (uint256) {
        revert AssemblyUseMemberBallot();
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
