// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ISemaphoreVerifier} from "@semaphore-protocol/contracts/interfaces/ISemaphoreVerifier.sol";
import {IDocket} from "../assembly/IDocket.sol";
import {IConstitution} from "../constitution/IConstitution.sol";
import {Module} from "../constitution/Module.sol";
import {Parameters} from "../constitution/Parameters.sol";
import {IVoiceCredits} from "../credits/IVoiceCredits.sol";
import {IMemberGroup} from "../membership/IMemberGroup.sol";
import {IMembership} from "../membership/IMembership.sol";
import {IPolls} from "./IPolls.sol";
import {PollBallot} from "./PollBallot.sol";

/// @title Polls
contract Polls is IPolls, Module {
    bytes32 private constant SCOPE_DOMAIN = keccak256("dualpower.poll");
    bytes32 private constant BALLOT_DOMAIN = keccak256("dualpower.ballot");
    bytes32 private constant SEAL_DOMAIN = keccak256("dualpower.seal");

    uint256 private constant MIN_OPTIONS = 2;
    uint256 private constant MAX_OPTIONS = 60;

    /// @dev Whatever the constitution says: the verifier has no key for a tree of one leaf, and a key for a deeper tree
    /// than the group's would let a leaf pass for a tree of its own.
    uint256 private constant MIN_LISTED = 2;

    /// @dev The order of BN254's scalar field: a nullifier at or above it is another name of a smaller one.
    uint256 private constant FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    /// @dev What a proof's check must find before it starts. The verifier answers false, not with a revert, where a
    /// precompile runs out of gas. Its calls have caps of their own (4 * 8,200 + 241,333), its own steps take less than
    /// 10,000, and 63/64 of the gas reach each call: with this much every one of them gets all it may ever take, so
    /// that false is about the proof and nothing else.
    uint256 private constant CHECK_GAS = 300_000;

    /// @dev An open ballot as it is kept: above its votes, bits 240 to 247 are the hours since the poll opened, 254 marks a
    /// followed one, 255 any, blank ones too.
    uint256 private constant VOTES_MASK = (1 << 240) - 1;
    uint256 private constant HOURS_SHIFT = 240;
    uint256 private constant FOLLOWED = 1 << 254;
    uint256 private constant CAST = 1 << 255;

    /// @dev What stands for a nullifier whose ballot is in the tally; a ballot that is still sealed has its seal there.
    uint256 private constant COUNTED = 1;

    enum Kind {
        Open,
        Secret,
        Sealed
    }

    /// @dev What every ballot reads and writes: one slot. Times have 40 bits, which last 34,000 years; ballots are as
    /// many as members at most, whose ids have 32 bits.
    /// @param end of what comes after voting: following in an open poll, revealing in a hidden one; else votingEnd
    /// @param ballots that count for the quorum
    /// @param otherBallots followed ones in an open poll, sealed ones in a hidden one
    struct Core {
        uint8 options;
        Kind kind;
        uint8 depth;
        uint16 credits;
        uint32 season;
        uint40 electorateAt;
        uint40 votingEnd;
        uint40 end;
        uint32 ballots;
        uint32 otherBallots;
    }

    struct Record {
        Core core;
        uint256 root;
        bytes32 text;
        uint16 topic;
        uint32 quorum;
    }

    IConstitution private immutable _constitution;
    IMembership private immutable _membership;
    IVoiceCredits private immutable _credits;
    IDocket private immutable _docket;
    IMemberGroup private immutable _group;
    ISemaphoreVerifier private immutable _verifier;

    /// @inheritdoc IPolls
    uint32 public pollCount;
    /// @inheritdoc IPolls
    address public follower;

    mapping(uint32 pollId => Record) private _polls;
    /// @dev Votes on options 8s to 8s + 7 in slot s, 32 bits each: 286 million ballots of 15 votes on one option fit.
    mapping(uint32 pollId => mapping(uint256 slot => uint256 votes)) private _tallies;
    mapping(uint32 pollId => mapping(uint32 memberId => uint256 ballot)) private _ballots;
    mapping(uint32 pollId => mapping(uint256 nullifier => uint256 countedOrSeal)) private _nullifiers;

    constructor(
        address powers,
        address forwarder,
        IConstitution constitution,
        IMembership membership,
        IVoiceCredits credits,
        IDocket docket,
        IMemberGroup group,
        ISemaphoreVerifier verifier
    ) Module(powers, forwarder) {
        _constitution = constitution;
        _membership = membership;
        _credits = credits;
        _docket = docket;
        _group = group;
        _verifier = verifier;
    }

    // ------------------------------------------------------------------ opening

    /// @inheritdoc IPolls
    function open(
        bytes32 text,
        uint8 options,
        uint16 topic,
        bool secret,
        bool hidden
    ) external restricted returns (uint32 pollId) {
        if (text == 0) revert PollsEmptyText();
        if (options < MIN_OPTIONS || options > MAX_OPTIONS) revert PollsOptions(options, MIN_OPTIONS, MAX_OPTIONS);
        if (!_constitution.topicExists(topic)) revert PollsUnknownTopic(topic);
        if (hidden && !secret) revert PollsHiddenNeedsSecret();

        uint256 numbers = _constitution.word(Parameters.REPUTATION);
        uint48 electorateAt = uint48(block.timestamp - 1);
        uint256 quorum = _docket.quorumOf(IConstitution.RuleKind.Ordinary, electorateAt);
        uint256 votingEnd = block.timestamp + Parameters.at(numbers, Parameters.POLL_VOTING);

        pollId = ++pollCount;
        Record storage record = _polls[pollId];
        Core memory core;
        core.options = options;
        core.season = _constitution.currentSeason();
        // Parameters have 32 bits: dates stay within 40.
        core.electorateAt = uint40(electorateAt);
        core.votingEnd = uint40(votingEnd);
        core.end = uint40(votingEnd);
        if (!secret) {
            core.end += uint40(Parameters.at(_constitution.word(Parameters.ORDINARY), Parameters.FOLLOW));
        } else {
            uint256 listed = _group.listed();
            uint256 least = Math.max(Math.max(Parameters.at(numbers, Parameters.POLL_MIN_LISTED), quorum), MIN_LISTED);
            if (listed < least) revert PollsTooFewListed(listed, least);
            core.kind = hidden ? Kind.Sealed : Kind.Secret;
            if (hidden) core.end += uint40(Parameters.at(numbers, Parameters.POLL_REVEAL));
            // The constitution's ceiling is 225; a tree of two leaves or more is 1 to 32 deep.
            core.credits = uint16(Parameters.at(numbers, Parameters.POLL_CREDITS));
            core.depth = uint8(_group.depth());
            record.root = _group.root();
        }
        record.core = core;
        record.text = text;
        record.topic = topic;
        record.quorum = uint32(quorum); // of heads, which are counted in 32 bits
        emit PollOpened(pollId, poll(pollId));
    }

    // ------------------------------------------------------------------ open ballots

    /// @inheritdoc IPolls
    function cast(uint32 pollId, uint256 ballot) external {
        address account = _msgSender();
        Core memory core = _known(pollId);
        PollState current = _stateOf(core);
        if (current != PollState.Voting) revert PollsNotVoting(pollId, current);
        if (core.kind != Kind.Open) revert PollsSecret(pollId);
        uint32 memberId = _membership.voterOf(account, core.electorateAt);
        if (memberId == 0) revert PollsNotInElectorate(pollId, account);
        uint256 cost = _keep(pollId, memberId, ballot, core, CAST);
        ++_polls[pollId].core.ballots;
        emit PollBallotCast(pollId, memberId, ballot, cost);
        _credits.spend(memberId, core.season, cost, true);
    }

    /// @inheritdoc IPolls
    function castFollowed(uint32 pollId, uint32 memberId, uint256 ballot) external {
        if (msg.sender != follower) revert PollsOnlyFollower(msg.sender);
        Core memory core = _known(pollId);
        PollState current = _stateOf(core);
        if (current != PollState.Following) revert PollsNotFollowing(pollId, current);
        if (_membership.ballotAccount(memberId, core.electorateAt) == address(0)) {
            revert PollsMemberNotInElectorate(pollId, memberId);
        }
        uint256 cost = _keep(pollId, memberId, ballot, core, CAST | FOLLOWED);
        ++_polls[pollId].core.otherBallots;
        emit PollBallotFollowed(pollId, memberId, ballot, cost);
        _credits.spend(memberId, core.season, cost, false);
    }

    function _keep(
        uint32 pollId,
        uint32 memberId,
        uint256 ballot,
        Core memory core,
        uint256 marks
    ) private returns (uint256 cost) {
        if (_ballots[pollId][memberId] != 0) revert PollsAlreadyVoted(pollId, memberId);
        if (!PollBallot.isWithin(ballot, core.options)) revert PollsBadBallot(pollId, ballot);

        // Voting is bounded below 255 hours; following happens after, and of followed ballots nobody asks the hour.
        uint256 hour = Math.min((block.timestamp - core.electorateAt - 1) / 1 hours, type(uint8).max);
        _ballots[pollId][memberId] = ballot | (hour << HOURS_SHIFT) | marks;
        _add(pollId, ballot);
        // The poll brings one credit of its own.
        return Math.saturatingSub(PollBallot.cost(ballot), 1);
    }

    /// @inheritdoc IPolls
    function setFollower(address follower_) external restricted {
        follower = follower_;
        emit FollowerSet(follower_);
    }

    // ------------------------------------------------------------------ secret ballots

    /// @inheritdoc IPolls
    function castSecret(SecretBallot calldata ballot) external {
        Core memory core = _known(ballot.pollId);
        SecretBallotProblem problem = _problemOf(ballot, core);
        if (problem != SecretBallotProblem.None) {
            revert PollsSecretBallotRefused(ballot.pollId, ballot.nullifier, problem);
        }
        _record(ballot, core.kind);
    }

    /// @inheritdoc IPolls
    function castSecretBatch(SecretBallot[] calldata ballots) external {
        for (uint256 i; i < ballots.length; ++i) {
            SecretBallot calldata ballot = ballots[i];
            // Voting is over since 1970 in a poll that does not exist.
            Core memory core = _polls[ballot.pollId].core;
            SecretBallotProblem problem = _problemOf(ballot, core);
            if (problem == SecretBallotProblem.None) _record(ballot, core.kind);
            else emit SecretBallotRefused(ballot.pollId, ballot.nullifier, problem);
        }
    }

    /// @inheritdoc IPolls
    function reveal(uint32 pollId, uint256 nullifier, uint256 ballot, bytes32 salt) external {
        Core memory core = _known(pollId);
        PollState current = _stateOf(core);
        if (current != PollState.Revealing) revert PollsNotRevealing(pollId, current);
        uint256 seal = _nullifiers[pollId][nullifier];
        if (seal == COUNTED) revert PollsAlreadyRevealed(pollId, nullifier);
        if (seal != sealOf(pollId, nullifier, ballot, salt)) revert PollsWrongOpening(pollId, nullifier);
        if (!PollBallot.isWithin(ballot, core.options)) revert PollsBadBallot(pollId, ballot);
        uint256 cost = PollBallot.cost(ballot);
        if (cost > core.credits) revert PollsOverBudget(pollId, cost, core.credits);

        _nullifiers[pollId][nullifier] = COUNTED;
        ++_polls[pollId].core.ballots;
        _add(pollId, ballot);
        emit SecretBallotRevealed(pollId, nullifier, ballot);
    }

    function _problemOf(SecretBallot calldata ballot, Core memory core) private view returns (SecretBallotProblem) {
        if (_stateOf(core) != PollState.Voting) return SecretBallotProblem.NotVoting;
        if (core.kind == Kind.Open) return SecretBallotProblem.NotSecret;
        if (ballot.nullifier >= FIELD) return SecretBallotProblem.NullifierOutOfRange;
        if (_nullifiers[ballot.pollId][ballot.nullifier] != 0) return SecretBallotProblem.NullifierUsed;
        bool valid =
            core.kind == Kind.Sealed
                ? ballot.ballot > COUNTED
                : PollBallot.isWithin(ballot.ballot, core.options) && PollBallot.cost(ballot.ballot) <= core.credits;
        if (!valid) return SecretBallotProblem.BallotInvalid;
        return _isProved(ballot, core.depth) ? SecretBallotProblem.None : SecretBallotProblem.ProofInvalid;
    }

    function _isProved(SecretBallot calldata ballot, uint256 depth) private view returns (bool) {
        uint256 scope = scopeOf(ballot.pollId);
        uint256[4] memory signals = [
            _polls[ballot.pollId].root,
            ballot.nullifier,
            _signal(_messageOf(scope, ballot.ballot)),
            _signal(scope)
        ];
        uint256[8] calldata p = ballot.points;
        uint256 left = gasleft();
        if (left < CHECK_GAS) revert PollsGasStarved(left, CHECK_GAS);
        return _verifier.verifyProof([p[0], p[1]], [[p[2], p[3]], [p[4], p[5]]], [p[6], p[7]], signals, depth);
    }

    function _record(SecretBallot calldata ballot, Kind kind) private {
        uint32 pollId = ballot.pollId;
        if (kind == Kind.Sealed) {
            _nullifiers[pollId][ballot.nullifier] = ballot.ballot;
            ++_polls[pollId].core.otherBallots;
        } else {
            _nullifiers[pollId][ballot.nullifier] = COUNTED;
            ++_polls[pollId].core.ballots;
            _add(pollId, ballot.ballot);
        }
        emit SecretBallotCast(pollId, ballot.nullifier, ballot.ballot);
    }

    function _add(uint32 pollId, uint256 ballot) private {
        mapping(uint256 => uint256) storage tallies = _tallies[pollId];
        for (uint256 slot; ballot != 0; ++slot) {
            uint256 votes = ballot & type(uint32).max;
            if (votes != 0) tallies[slot] += PollBallot.spread(votes);
            ballot >>= 32;
        }
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IPolls
    function poll(uint32 pollId) public view returns (Poll memory p) {
        Core memory core = _known(pollId);
        Record storage record = _polls[pollId];
        p.text = record.text;
        p.options = core.options;
        p.secret = core.kind != Kind.Open;
        p.hidden = core.kind == Kind.Sealed;
        p.topic = record.topic;
        p.season = core.season;
        p.electorateAt = core.electorateAt;
        p.votingEnd = core.votingEnd;
        p.revealEnd = core.kind == Kind.Sealed ? core.end : core.votingEnd;
        p.followEnd = core.kind == Kind.Open ? core.end : core.votingEnd;
        p.credits = core.credits;
        p.quorum = record.quorum;
        p.depth = core.depth;
        p.root = record.root;
    }

    /// @inheritdoc IPolls
    function state(uint32 pollId) external view returns (PollState) {
        return _stateOf(_known(pollId));
    }

    /// @inheritdoc IPolls
    function ballotCount(uint32 pollId) external view returns (uint32) {
        return _known(pollId).ballots;
    }

    /// @inheritdoc IPolls
    function sealedCount(uint32 pollId) external view returns (uint32) {
        Core memory core = _known(pollId);
        return core.kind == Kind.Sealed ? core.otherBallots : 0;
    }

    /// @inheritdoc IPolls
    function followedCount(uint32 pollId) external view returns (uint32) {
        Core memory core = _known(pollId);
        return core.kind == Kind.Open ? core.otherBallots : 0;
    }

    /// @inheritdoc IPolls
    function tally(uint32 pollId) external view returns (uint256[] memory votes) {
        votes = new uint256[](_known(pollId).options);
        for (uint256 i; i < votes.length; ++i) {
            uint256 slot = _tallies[pollId][i / PollBallot.OPTIONS_PER_SLOT];
            votes[i] = uint32(slot >> ((i % PollBallot.OPTIONS_PER_SLOT) * 32));
        }
    }

    /// @inheritdoc IPolls
    function ballotOf(
        uint32 pollId,
        uint32 memberId
    ) external view returns (bool voted, uint256 ballot, bool followed, uint48 castAt) {
        uint256 kept = _ballots[pollId][memberId];
        if (kept == 0) return (false, 0, false, 0);
        uint256 sinceOpening = ((kept >> HOURS_SHIFT) & type(uint8).max) * 1 hours;
        // Seconds of 40 bits, and 255 hours.
        castAt = uint48(_polls[pollId].core.electorateAt + 1 + sinceOpening);
        return (true, kept & VOTES_MASK, kept & FOLLOWED != 0, castAt);
    }

    /// @inheritdoc IPolls
    function nullifierUsed(uint32 pollId, uint256 nullifier) external view returns (bool) {
        return _nullifiers[pollId][nullifier] != 0;
    }

    /// @inheritdoc IPolls
    function scopeOf(uint32 pollId) public view returns (uint256) {
        return uint256(keccak256(abi.encode(SCOPE_DOMAIN, block.chainid, address(this), pollId)));
    }

    /// @inheritdoc IPolls
    function messageOf(uint32 pollId, uint256 ballot) external view returns (uint256) {
        return _messageOf(scopeOf(pollId), ballot);
    }

    /// @inheritdoc IPolls
    function sealOf(uint32 pollId, uint256 nullifier, uint256 ballot, bytes32 salt) public view returns (uint256) {
        return uint256(keccak256(abi.encode(SEAL_DOMAIN, scopeOf(pollId), nullifier, ballot, salt)));
    }

    function _known(uint32 pollId) private view returns (Core memory core) {
        core = _polls[pollId].core;
        if (core.options == 0) revert PollsUnknown(pollId);
    }

    function _stateOf(Core memory core) private view returns (PollState) {
        if (block.timestamp <= core.votingEnd) return PollState.Voting;
        if (block.timestamp > core.end) return PollState.Closed;
        return core.kind == Kind.Open ? PollState.Following : PollState.Revealing;
    }

    function _messageOf(uint256 scope, uint256 ballot) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(BALLOT_DOMAIN, scope, ballot)));
    }

    /// @dev How Semaphore brings a scope or a message into the field.
    function _signal(uint256 value) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(value))) >> 8;
    }
}
