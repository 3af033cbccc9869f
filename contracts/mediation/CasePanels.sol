// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IAssembly} from "../assembly/IAssembly.sol";
import {IDocket} from "../assembly/IDocket.sol";
import {IConstitution} from "../constitution/IConstitution.sol";
import {Module} from "../constitution/Module.sol";
import {Parameters} from "../constitution/Parameters.sol";
import {IDraws} from "../draws/IDraws.sol";
import {Shuffle} from "../draws/Shuffle.sol";
import {IMembership, Status} from "../membership/IMembership.sol";
import {IPenalties} from "../reputation/IPenalties.sol";
import {IReputation, Reason} from "../reputation/IReputation.sol";
import {IReviews} from "../work/IReviews.sol";
import {ICasePanels} from "./ICasePanels.sol";
import {IMediation} from "./IMediation.sol";

/// @title CasePanels
/// @dev Over 400 lines: from the draw to what is carried out, a panel is one state machine. What became of a vote is asked
/// of the assembly; it can only call back in the vote that was opened here.
contract CasePanels is ICasePanels, Module {
    bytes32 private constant VOTE_DOMAIN = keccak256("dualpower.panel");
    /// @dev Quarters of a remedy.
    uint8 private constant IN_FULL = 4;
    uint8 private constant ROUNDS = 2;
    uint8 private constant SEATS = 5;
    uint8 private constant FEW_SEATS = 3;
    /// @dev Below how many eligible members a panel has few seats, and below how many, or below half of those who were active
    /// when the case opened, there is none.
    uint256 private constant SMALL = 12;
    uint256 private constant TOO_SMALL = 5;
    /// @dev How many places of a shuffle one call looks at.
    uint256 private constant PLACES = 64;
    /// @dev Parameters hold whole points, reputation counts in micro-points.
    uint64 private constant MICRO_POINTS = 1_000_000;

    /// @dev A panel in one slot, and its vote. `stage` is its state but for what time and votes change.
    struct Proceeding {
        PanelState stage;
        uint8 round;
        uint8 seats;
        uint8 commits;
        uint8 reveals;
        uint8 extent;
        uint32 drawId;
        uint32 cursor;
        uint48 commitUntil;
        uint48 revealUntil;
        uint48 appealUntil;
        uint256 proposalId;
    }

    struct Vote {
        bytes32 commitment;
        bool revealed;
        uint8 extent;
    }

    IConstitution private immutable _constitution;
    IMembership private immutable _membership;
    IReputation private immutable _reputation;
    IDraws private immutable _draws;
    IAssembly private immutable _assembly;
    IDocket private immutable _docket;
    IMediation private immutable _mediation;
    IReviews private immutable _reviews;
    IPenalties private immutable _penalties;

    mapping(uint32 caseId => Proceeding) private _proceedings;
    mapping(uint32 caseId => mapping(uint8 round => uint32[] memberIds)) private _panelists;
    mapping(uint32 caseId => mapping(uint8 round => mapping(uint32 memberId => Vote))) private _votes;
    /// @dev The case that led to the last vote on a member's expulsion.
    mapping(uint32 memberId => uint32 caseId) private _motions;

    constructor(
        address powers,
        address forwarder,
        IConstitution constitution,
        IMembership membership,
        IReputation reputation,
        IDraws draws,
        IAssembly assembly_,
        IDocket docket,
        IMediation mediation,
        IReviews reviews,
        IPenalties penalties
    ) Module(powers, forwarder) {
        _constitution = constitution;
        _membership = membership;
        _reputation = reputation;
        _draws = draws;
        _assembly = assembly_;
        _docket = docket;
        _mediation = mediation;
        _reviews = reviews;
        _penalties = penalties;
    }

    // ------------------------------------------------------------------ drawing a panel

    /// @inheritdoc ICasePanels
    function convene(uint32 caseId) external {
        _mediation.convene(caseId);
        Proceeding storage p = _proceedings[caseId];
        IMediation.Case memory c = _mediation.caseOf(caseId);
        if (_isForPanel(caseId, c.electorateAt)) _draw(caseId, p, c);
        else _askAssembly(caseId, p, c);
    }

    /// @dev A claimant who names many, each with their vouchers, could else leave friends for most of a panel.
    function _isForPanel(uint32 caseId, uint48 electorateAt) private view returns (bool) {
        uint256 eligible = _mediation.eligibleCount(caseId);
        return eligible >= TOO_SMALL && 2 * eligible >= _membership.activeCountAt(electorateAt);
    }

    function _draw(uint32 caseId, Proceeding storage p, IMediation.Case memory c) private {
        uint8 round = p.round + 1;
        uint8 seats = _mediation.eligibleCount(caseId) < SMALL ? FEW_SEATS : SEATS;
        p.stage = PanelState.Drawing;
        p.round = round;
        p.seats = seats;
        p.commits = 0;
        p.reveals = 0;
        p.cursor = 0;
        bytes32 pool = keccak256(
            abi.encode(c.electorateAt, c.pool, _mediation.partiesOf(caseId), _mediation.vouchersOf(caseId))
        );
        string memory text = string.concat("Panel ", Strings.toString(round), " for case ", Strings.toString(caseId));
        uint32 drawId = _draws.open(pool, c.pool, keccak256(bytes(text)));
        p.drawId = drawId;
        emit PanelOpened(caseId, round, seats, drawId);
    }

    /// @inheritdoc ICasePanels
    function seat(uint32 caseId) external {
        Proceeding storage p = _in(caseId, PanelState.Drawing);
        IDraws.Draw memory draw = _draws.draw(p.drawId);
        if (draw.blockHash == 0) revert CasePanelsNotDrawn(caseId, p.drawId);
        IMediation.Case memory c = _mediation.caseOf(caseId);

        uint8 round = p.round;
        uint256 cursor = p.cursor;
        uint256 end = Math.min(cursor + PLACES, c.pool);
        uint32[] storage panelists = _panelists[caseId][round];
        while (panelists.length < p.seats && cursor < end) {
            // Below the pool, which has 32 bits.
            uint32 candidate = uint32(Shuffle.at(draw.number, cursor, c.pool)) + 1;
            ++cursor;
            if (!_mayJudge(caseId, round, c.mediator, candidate)) continue;
            panelists.push(candidate);
            emit PanelistDrawn(caseId, round, candidate);
        }
        // At most the pool.
        p.cursor = uint32(cursor);
        uint256 found = panelists.length;
        if (found == p.seats || (cursor == c.pool && found >= FEW_SEATS)) _begin(caseId, p, uint8(found));
        else if (cursor == c.pool) _askAssembly(caseId, p, c);
    }

    /// @dev At most five seats.
    function _begin(uint32 caseId, Proceeding storage p, uint8 seats) private {
        uint48 commitUntil = _after(Parameters.PANEL_COMMIT);
        uint48 revealUntil = commitUntil + uint48(_number(Parameters.PANEL_REVEAL));
        p.stage = PanelState.Committing;
        p.seats = seats;
        p.commitUntil = commitUntil;
        p.revealUntil = revealUntil;
        emit PanelSeated(caseId, p.round, seats, commitUntil, revealUntil);
    }

    /// @dev Nobody who mediated, or sat on the panel before.
    function _mayJudge(uint32 caseId, uint8 round, uint32 mediator, uint32 memberId) private view returns (bool) {
        return
            memberId != mediator &&
            !_isPanelist(caseId, round - 1, memberId) &&
            _mediation.isEligible(caseId, memberId);
    }

    // ------------------------------------------------------------------ votes

    /// @inheritdoc ICasePanels
    function commit(uint32 caseId, bytes32 commitment) external {
        Proceeding storage p = _in(caseId, PanelState.Committing);
        address account = _msgSender();
        uint32 memberId = _membership.memberIdOf(account);
        uint8 round = p.round;
        if (!_isPanelist(caseId, round, memberId) || !_mediation.isEligible(caseId, memberId)) {
            revert CasePanelsNotPanelist(caseId, account);
        }
        if (commitment == 0) revert CasePanelsEmptyCommitment();
        Vote storage v = _votes[caseId][round][memberId];
        if (v.commitment != 0) revert CasePanelsCommittedTwice(caseId, memberId);

        v.commitment = commitment;
        ++p.commits;
        emit VoteCommitted(caseId, round, memberId, commitment);
    }

    /// @inheritdoc ICasePanels
    function reveal(uint32 caseId, uint32 memberId, uint8 extent, bytes32 salt) external {
        Proceeding storage p = _in(caseId, PanelState.Revealing);
        uint8 round = p.round;
        Vote storage v = _votes[caseId][round][memberId];
        if (v.commitment == 0) revert CasePanelsNoCommitment(caseId, memberId);
        if (v.revealed) revert CasePanelsRevealedTwice(caseId, memberId);
        if (extent > IN_FULL) revert CasePanelsExtent(extent, IN_FULL);
        bytes32 commitment = keccak256(
            abi.encode(VOTE_DOMAIN, block.chainid, address(this), caseId, round, memberId, extent, salt)
        );
        if (v.commitment != commitment) revert CasePanelsWrongReveal(caseId, memberId);

        v.revealed = true;
        v.extent = extent;
        ++p.reveals;
        emit VoteRevealed(caseId, round, memberId, extent);
    }

    /// @inheritdoc ICasePanels
    function count(uint32 caseId) external {
        Proceeding storage p = _in(caseId, PanelState.Countable);
        IMediation.Case memory c = _mediation.caseOf(caseId);
        uint8 round = p.round;
        if (2 * p.reveals > p.seats) _decide(caseId, p, c);
        else if (round < ROUNDS) _draw(caseId, p, c);
        else _askAssembly(caseId, p, c);
        _settle(caseId, round, c);
    }

    function _decide(uint32 caseId, Proceeding storage p, IMediation.Case memory c) private {
        uint8 extent = _median(caseId, p.round, p.reveals);
        uint48 appealUntil = _isExpulsion(c) ? 0 : _after(Parameters.PANEL_APPEAL);
        p.stage = PanelState.Decided;
        p.extent = extent;
        p.appealUntil = appealUntil;
        emit PanelDecided(caseId, extent, appealUntil);
    }

    /// @dev The lower one of two.
    function _median(uint32 caseId, uint8 round, uint8 reveals) private view returns (uint8 extent) {
        uint32[] storage panelists = _panelists[caseId][round];
        uint256 notAbove;
        for (; ; ++extent) {
            for (uint256 i; i < panelists.length; ++i) {
                Vote storage v = _votes[caseId][round][panelists[i]];
                if (v.revealed && v.extent == extent) ++notAbove;
            }
            if (2 * notAbove >= reveals) return extent;
        }
    }

    /// @dev What each panelist gets for having revealed, or may lose for not having.
    function _settle(uint32 caseId, uint8 round, IMediation.Case memory c) private {
        uint32[] memory panelists = _panelists[caseId][round];
        // At most 2^32 points.
        uint64 reward = uint64(_number(Parameters.PANEL_REWARD)) * MICRO_POINTS;
        uint64 silence = uint64(_number(Parameters.PANEL_SILENCE)) * MICRO_POINTS;
        for (uint256 i; i < panelists.length; ++i) {
            uint32 memberId = panelists[i];
            if (_votes[caseId][round][memberId].revealed) {
                if (reward != 0) _reputation.award(memberId, c.topic, reward, Reason.Mediation, c.evidence, 0);
                continue;
            }
            uint32 penaltyId;
            if (silence != 0 && _mediation.isEligible(caseId, memberId)) {
                penaltyId = _penalties.impose(memberId, c.topic, silence, Reason.Mediation, c.evidence);
            }
            emit PanelistSilent(caseId, round, memberId, penaltyId);
        }
    }

    // ------------------------------------------------------------------ the assembly

    /// @inheritdoc ICasePanels
    function appeal(uint32 caseId, bytes32 grounds) external {
        Proceeding storage p = _known(caseId);
        if (p.stage != PanelState.Decided) revert CasePanelsWrongState(caseId, _stateOf(p));
        if (p.proposalId != 0) revert CasePanelsAppealedTwice(caseId);
        address account = _msgSender();
        uint32 memberId = _membership.memberIdOf(account);
        if (!_mediation.isParty(caseId, memberId)) revert CasePanelsNotParty(caseId, account);
        IMediation.Case memory c = _mediation.caseOf(caseId);
        if (_isExpulsion(c)) revert CasePanelsMotionNeedsNoAppeal(caseId);
        if (block.timestamp > p.appealUntil) revert CasePanelsAppealTooLate(caseId, p.appealUntil);
        if (grounds == 0) revert CasePanelsEmptyGrounds();

        bytes memory call =
            p.extent == 0
                ? abi.encodeCall(ICasePanels.grant, (caseId))
                : abi.encodeCall(ICasePanels.overrule, (caseId));
        string memory what = string.concat("Appeal in case ", Strings.toString(caseId));
        _openVote(caseId, p, c, address(this), call, what, grounds);
        emit DecisionAppealed(caseId, memberId, p.proposalId, grounds);
    }

    /// @dev In a panel's place. The vote on an expulsion is the decision, and waits for the hearing's time.
    function _askAssembly(uint32 caseId, Proceeding storage p, IMediation.Case memory c) private {
        p.stage = PanelState.Assembly;
        if (!_isExpulsion(c)) {
            bytes memory call = abi.encodeCall(ICasePanels.grant, (caseId));
            string memory what = string.concat("Case ", Strings.toString(caseId));
            _openVote(caseId, p, c, address(this), call, what, c.evidence);
        }
        emit AssemblyAsked(caseId, p.proposalId);
    }

    function _moveExpulsion(uint32 caseId, Proceeding storage p, IMediation.Case memory c) private {
        uint32 memberId = c.remedy.memberId;
        uint48 from = c.openedAt + uint48(Parameters.at(_constitution.word(Parameters.ASSEMBLY), Parameters.HEARING));
        if (block.timestamp < from) revert CasePanelsTooEarly(caseId, from);
        if (_membership.statusOf(memberId) == Status.Expelled) {
            _dismiss(caseId, p);
            return;
        }
        p.stage = PanelState.Carried;
        _motions[memberId] = caseId;
        bytes memory call = abi.encodeCall(IMembership.expel, (memberId));
        string memory what = string.concat(
            "Expulsion of member ",
            Strings.toString(memberId),
            " in case ",
            Strings.toString(caseId)
        );
        _openVote(caseId, p, c, address(_membership), call, what, c.evidence);
        emit MotionToExpel(caseId, memberId, p.proposalId);
        emit DecisionCarried(caseId, p.extent, 0);
    }

    /// @dev One a case: descriptions end in its number, and each differs from the others' by its first words.
    function _openVote(
        uint32 caseId,
        Proceeding storage p,
        IMediation.Case memory c,
        address target,
        bytes memory call,
        string memory what,
        bytes32 text
    ) private {
        address[] memory targets = new address[](1);
        uint256[] memory values = new uint256[](1);
        bytes[] memory calldatas = new bytes[](1);
        targets[0] = target;
        calldatas[0] = call;
        string memory suffix = string.concat(
            "#nonce=",
            Strings.toString(caseId),
            "#proposer=",
            Strings.toHexString(address(this))
        );
        string memory description = string.concat(what, ": text:", Strings.toHexString(uint256(text), 32), suffix);
        // The id is known before the call out, so that a re-entered call finds the vote open.
        uint256 proposalId = IGovernor(address(_assembly)).getProposalId(
            targets,
            values,
            calldatas,
            keccak256(bytes(description))
        );
        p.proposalId = proposalId;
        _docket.fixElectorate(proposalId, c.electorateAt);
        _assembly.openFor(targets, values, calldatas, description);
    }

    /// @inheritdoc ICasePanels
    function overrule(uint32 caseId) external restricted {
        Proceeding storage p = _known(caseId);
        if (p.stage != PanelState.Decided || p.extent == 0 || !_isCarriedOut(p.proposalId)) {
            revert CasePanelsWrongState(caseId, _stateOf(p));
        }
        p.stage = PanelState.Overruled;
        emit DecisionOverruled(caseId);
    }

    /// @inheritdoc ICasePanels
    function grant(uint32 caseId) external restricted {
        Proceeding storage p = _known(caseId);
        bool asked = p.stage == PanelState.Assembly || (p.stage == PanelState.Decided && p.extent == 0);
        if (!asked || !_isCarriedOut(p.proposalId)) revert CasePanelsWrongState(caseId, _stateOf(p));
        _carry(caseId, p, _mediation.caseOf(caseId), IN_FULL);
    }

    // ------------------------------------------------------------------ what follows

    /// @inheritdoc ICasePanels
    function carryOut(uint32 caseId) external {
        Proceeding storage p = _known(caseId);
        PanelState current = _stateOf(p);
        bool asked = current == PanelState.Assembly;
        if (!asked && current != PanelState.Decided) revert CasePanelsWrongState(caseId, current);
        IMediation.Case memory c = _mediation.caseOf(caseId);
        if (_isExpulsion(c) && (asked || p.extent != 0)) {
            _moveExpulsion(caseId, p, c);
            return;
        }
        if (asked && _isLive(p.proposalId)) revert CasePanelsWrongState(caseId, current);
        if (p.proposalId == 0 && block.timestamp <= p.appealUntil) {
            revert CasePanelsTooEarly(caseId, p.appealUntil + 1);
        }
        // What the assembly did not grant in a panel's place was granted by nobody.
        if (p.extent == 0) _dismiss(caseId, p);
        else _carry(caseId, p, c, p.extent);
    }

    function _carry(uint32 caseId, Proceeding storage p, IMediation.Case memory c, uint8 extent) private {
        p.stage = PanelState.Carried;
        p.extent = extent;
        uint64 lost;
        if (c.remedy.kind == IMediation.RemedyKind.Overturn) {
            _reviews.overturn(c.reviewId);
        } else {
            // Rounded up, so that it is something; at most the amount.
            uint64 amount = uint64(Math.ceilDiv(uint256(c.remedy.amount) * extent, IN_FULL));
            lost = _reputation.penalise(c.remedy.memberId, c.topic, amount, Reason.Mediation, c.evidence);
            if (c.remedy.kind == IMediation.RemedyKind.Award && lost != 0) {
                _reputation.award(c.claimant, c.topic, lost, Reason.Mediation, c.evidence, 0);
            }
        }
        emit DecisionCarried(caseId, extent, lost);
    }

    function _dismiss(uint32 caseId, Proceeding storage p) private {
        p.stage = PanelState.Dismissed;
        emit CaseDismissed(caseId);
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc ICasePanels
    function panelOf(uint32 caseId) external view returns (Panel memory) {
        Proceeding memory p = _known(caseId);
        return
            Panel({
                round: p.round,
                seats: p.seats,
                drawId: p.drawId,
                cursor: p.cursor,
                commitUntil: p.commitUntil,
                revealUntil: p.revealUntil,
                extent: p.extent,
                appealUntil: p.appealUntil,
                proposalId: p.proposalId
            });
    }

    /// @inheritdoc ICasePanels
    function stateOf(uint32 caseId) external view returns (PanelState) {
        return _stateOf(_proceedings[caseId]);
    }

    /// @inheritdoc ICasePanels
    function panelistsOf(uint32 caseId, uint8 round) external view returns (uint32[] memory) {
        return _panelists[caseId][round];
    }

    /// @inheritdoc ICasePanels
    function commitmentOf(uint32 caseId, uint8 round, uint32 memberId) external view returns (bytes32) {
        return _votes[caseId][round][memberId].commitment;
    }

    /// @inheritdoc ICasePanels
    function voteOf(uint32 caseId, uint8 round, uint32 memberId) external view returns (bool revealed, uint8 extent) {
        Vote storage v = _votes[caseId][round][memberId];
        return (v.revealed, v.extent);
    }

    /// @inheritdoc ICasePanels
    function movedExpulsion(uint32 claimant, uint32 memberId) external view returns (bool) {
        uint32 caseId = _motions[memberId];
        return caseId != 0 && _mediation.caseOf(caseId).claimant == claimant;
    }

    // ------------------------------------------------------------------ checks

    function _known(uint32 caseId) private view returns (Proceeding storage p) {
        p = _proceedings[caseId];
        if (p.stage == PanelState.Unknown) revert CasePanelsUnknown(caseId);
    }

    function _in(uint32 caseId, PanelState required) private view returns (Proceeding storage p) {
        p = _known(caseId);
        PanelState current = _stateOf(p);
        if (current != required) revert CasePanelsWrongState(caseId, current);
    }

    function _stateOf(Proceeding storage p) private view returns (PanelState) {
        PanelState stage = p.stage;
        if (stage == PanelState.Committing && block.timestamp > p.commitUntil) {
            bool over = block.timestamp > p.revealUntil || p.reveals == p.commits;
            return over ? PanelState.Countable : PanelState.Revealing;
        }
        bool appealed = stage == PanelState.Decided && p.proposalId != 0;
        return appealed && _isLive(p.proposalId) ? PanelState.Appealed : stage;
    }

    function _isPanelist(uint32 caseId, uint8 round, uint32 memberId) private view returns (bool) {
        uint32[] memory panelists = _panelists[caseId][round];
        for (uint256 i; i < panelists.length; ++i) {
            if (panelists[i] == memberId) return true;
        }
        return false;
    }

    function _isExpulsion(IMediation.Case memory c) private pure returns (bool) {
        return c.remedy.kind == IMediation.RemedyKind.Expulsion;
    }

    /// @dev Whether a vote runs, or passed and may still be carried out.
    function _isLive(uint256 proposalId) private view returns (bool) {
        IGovernor.ProposalState vote = IGovernor(address(_assembly)).state(proposalId);
        return
            vote == IGovernor.ProposalState.Pending ||
            vote == IGovernor.ProposalState.Active ||
            vote == IGovernor.ProposalState.Succeeded;
    }

    /// @dev The assembly marks a proposal before it carries it out: only in the vote that was opened here, which can be
    /// carried out once, is this so before the stage changed. Whatever else the assembly calls, members proposed it.
    function _isCarriedOut(uint256 proposalId) private view returns (bool) {
        return proposalId != 0 && IGovernor(address(_assembly)).state(proposalId) == IGovernor.ProposalState.Executed;
    }

    function _number(uint256 field) private view returns (uint256) {
        return Parameters.at(_constitution.word(Parameters.PANEL), field);
    }

    /// @dev Parameters have 32 bits.
    function _after(uint256 field) private view returns (uint48) {
        return uint48(block.timestamp + _number(field));
    }
}
