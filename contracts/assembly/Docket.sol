// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IConstitution} from "../constitution/IConstitution.sol";
import {Module} from "../constitution/Module.sol";
import {Parameters} from "../constitution/Parameters.sol";
import {IMembership, Status} from "../membership/IMembership.sol";
import {Descriptions} from "./Descriptions.sol";
import {IAssembly} from "./IAssembly.sol";
import {IDocket} from "./IDocket.sol";
import {ProposalTermsLibrary} from "./ProposalTerms.sol";
import {Sponsorship, SponsorshipLibrary} from "./Sponsorship.sol";

/// @title Docket
contract Docket is IDocket, Module {
    uint256 private constant BPS = 10_000;

    IConstitution private immutable _constitution;
    IMembership private immutable _membership;
    address private immutable _assembly;

    /// @dev Before a draft is opened: its sponsorship, packed. From then on: the pin of its targets' code, which takes the
    /// used-up sponsorship's place, since writing a slot again costs a fraction of a new one.
    mapping(uint256 proposalId => uint256 sponsorshipOrPin) private _drafts;
    /// @dev Of votes opened by modules; 0 for the second before opening.
    mapping(uint256 proposalId => uint48 electorateAt) private _electorates;
    Hearing[] private _hearings;
    /// @dev The last hearing that started: a request that nobody joins stands in nobody's way.
    mapping(uint32 memberId => uint256 hearingId) private _hearingOf;

    constructor(
        address powers,
        address forwarder,
        IConstitution constitution,
        IMembership membership,
        address assembly_
    ) Module(powers, forwarder) {
        _constitution = constitution;
        _membership = membership;
        _assembly = assembly_;
        _hearings.push(); // hearings are numbered from 1
    }

    // ------------------------------------------------------------------ sponsorship

    /// @inheritdoc IDocket
    function sponsor(uint256 proposalId, uint16 topic) external {
        uint32 memberId = _membership.requireFull(_msgSender());
        if (!_constitution.topicExists(topic)) revert DocketUnknownTopic(topic);

        if (_isOpened(proposalId)) revert DocketAlreadyProposed(proposalId);

        Sponsorship s = Sponsorship.wrap(_drafts[proposalId]);
        if (block.timestamp > s.since() + _general(Parameters.SPONSORSHIP_EXPIRY)) {
            s = SponsorshipLibrary.start(topic, uint48(block.timestamp));
        }
        if (s.topic() != topic) revert DocketTopicMismatch(proposalId, topic, s.topic());
        uint256 count = s.count();
        if (count == SponsorshipLibrary.LIMIT) revert DocketSponsorsFull(proposalId, count);
        for (uint256 i; i < count; ++i) {
            if (s.sponsorAt(i) == memberId) revert DocketSponsorTwice(proposalId, memberId);
        }
        _drafts[proposalId] = Sponsorship.unwrap(s.add(memberId));
        emit Sponsored(proposalId, memberId, topic, count + 1);
    }

    /// @inheritdoc IDocket
    function sponsorsOf(uint256 proposalId) external view returns (uint32[] memory memberIds, uint16 topic) {
        if (_isOpened(proposalId)) return (memberIds, topic);
        Sponsorship s = Sponsorship.wrap(_drafts[proposalId]);
        memberIds = new uint32[](s.count());
        for (uint256 i; i < memberIds.length; ++i) memberIds[i] = s.sponsorAt(i);
        topic = s.topic();
    }

    /// @inheritdoc IDocket
    function keepSponsorship(uint256 proposalId) external returns (uint16 topic) {
        if (!IAssembly(_assembly).isOpener(msg.sender)) revert DocketOnlyOpener(msg.sender);
        if (_isOpened(proposalId)) revert DocketAlreadyProposed(proposalId);
        topic = _topicOf(proposalId, _constitution.word(Parameters.ASSEMBLY));
        _drafts[proposalId] = Sponsorship.unwrap(Sponsorship.wrap(_drafts[proposalId]).keep());
    }

    /// @inheritdoc IDocket
    function fixElectorate(uint256 proposalId, uint48 electorateAt) external {
        if (!IAssembly(_assembly).isOpener(msg.sender)) revert DocketOnlyOpener(msg.sender);
        _electorates[proposalId] = electorateAt;
    }

    function _isOpened(uint256 proposalId) private view returns (bool) {
        return IGovernor(_assembly).proposalSnapshot(proposalId) != 0;
    }

    // ------------------------------------------------------------------ opening

    /// @inheritdoc IDocket
    function open(uint256 proposalId, uint32 author, Draft calldata draft) external returns (Opening memory opening) {
        if (msg.sender != _assembly) revert DocketOnlyAssembly(msg.sender);
        if (!Descriptions.namesProposer(draft.description, draft.proposer)) {
            revert DocketDescriptionSuffix(draft.proposer);
        }
        (IConstitution.RuleKind kind, uint256 rule, uint256 general, bytes32 pin) = _constitution.classify(
            draft.targets,
            draft.values,
            draft.calldatas
        );
        uint16 topic;
        if (author != 0) {
            if (kind > IConstitution.RuleKind.Person) revert DocketModuleOpensThis(kind);
            topic = _topicOf(proposalId, general);
        } else if (kind < IConstitution.RuleKind.Person) {
            topic = Sponsorship.wrap(_drafts[proposalId]).topic();
        }
        _drafts[proposalId] = uint256(pin);
        // Parameters are 32 bits wide.
        opening.deliberation = uint32(Parameters.at(rule, Parameters.DELIBERATION));
        opening.voting = uint32(Parameters.at(rule, Parameters.VOTING));
        uint48 electorate = author == 0 ? _electorates[proposalId] : 0;
        if (electorate == 0) electorate = uint48(block.timestamp) - 1;
        IAssembly.Terms memory terms = _termsFor(kind, topic, electorate, rule, general);
        opening.terms = ProposalTermsLibrary.pack(terms);
        emit ProposalOpened(proposalId, author, topic, terms, pin);
    }

    /// @inheritdoc IDocket
    function pinOf(uint256 proposalId) public view returns (bytes32) {
        return _isOpened(proposalId) ? bytes32(_drafts[proposalId]) : bytes32(0);
    }

    /// @inheritdoc IDocket
    function requireUnchanged(uint256 proposalId, address[] calldata targets) external view {
        bytes32 pinned = pinOf(proposalId);
        bytes32 found = _constitution.pinOf(targets);
        if (found != pinned) revert DocketCodeChanged(proposalId, pinned, found);
    }

    /// @inheritdoc IDocket
    function quorumOf(IConstitution.RuleKind kind, uint48 timepoint) external view returns (uint256) {
        return
            _quorum(
                _constitution.ruleWord(kind),
                _constitution.word(Parameters.ASSEMBLY),
                _membership.quorumBase(timepoint)
            );
    }

    function _topicOf(uint256 proposalId, uint256 general) private view returns (uint16) {
        Sponsorship s = Sponsorship.wrap(_drafts[proposalId]);
        uint256 required = Parameters.at(general, Parameters.SPONSORS);
        uint256 standing;
        if (block.timestamp <= s.since() + Parameters.at(general, Parameters.SPONSORSHIP_EXPIRY)) {
            uint256 count = s.count();
            for (uint256 i; i < count && standing < required; ++i) {
                if (_membership.statusOf(s.sponsorAt(i)) == Status.Active) ++standing;
            }
        }
        // Where fewer members are left than it takes, all of them are enough: the commune could not even lower the number.
        if (standing < required) required = Math.max(1, Math.min(required, _membership.activeCount()));
        if (standing < required) revert DocketNotSponsored(proposalId, standing, required);
        return s.topic();
    }

    function _termsFor(
        IConstitution.RuleKind kind,
        uint16 topic,
        uint48 electorate,
        uint256 rule,
        uint256 general
    ) private view returns (IAssembly.Terms memory terms) {
        uint256 quorum = _quorum(rule, general, _membership.quorumBase(electorate));
        // Ceilings fixed at deployment keep each parameter within its field: a million ppm, 194 days in 24 bits of
        // seconds, 7 years in 16 bits of hours; seasons of at least a day fit 16 bits for 179 years. Heads are
        // counted in 32 bits.
        terms.kind = kind;
        terms.topic = topic;
        terms.season = uint16(_constitution.currentSeason());
        terms.quorum = uint32(quorum);
        terms.forHeads = uint32(Math.ceilDiv(quorum * Parameters.at(rule, Parameters.FOR_HEADS_BPS), BPS));
        terms.electorateAt = uint40(electorate);
        terms.approvalPpm = uint24(Parameters.at(rule, Parameters.APPROVAL_PPM));
        terms.follow = uint24(Parameters.at(rule, Parameters.FOLLOW));
        terms.queue = uint24(Parameters.at(rule, Parameters.QUEUE));
        terms.lateExtension = uint24(Parameters.at(rule, Parameters.LATE_EXTENSION));
        terms.expiryHours = uint16(Parameters.at(general, Parameters.EXPIRY) / 1 hours);
    }

    /// @dev Rounded up; at least min(floor, base), and never nobody.
    function _quorum(uint256 rule, uint256 general, uint256 base) private pure returns (uint256) {
        uint256 share = Math.ceilDiv(base * Parameters.at(rule, Parameters.QUORUM_BPS), BPS);
        uint256 least = Math.min(Parameters.at(general, Parameters.QUORUM_FLOOR), base);
        return Math.max(Math.max(share, least), 1);
    }

    // ------------------------------------------------------------------ hearings

    /// @inheritdoc IDocket
    function requestHearing(uint32 memberId, bytes32 grounds) external returns (uint256 hearingId) {
        uint32 opener = _openerAgainst(memberId);
        if (grounds == 0) revert DocketEmptyGrounds();
        Status status = _membership.statusOf(memberId);
        if (status != Status.Active && status != Status.Dormant) {
            revert IMembership.MembershipWrongStatus(memberId, status, Status.Active);
        }
        _requireNoneRunning(memberId);

        hearingId = _hearings.length;
        Hearing storage h = _hearings.push();
        h.memberId = memberId;
        h.grounds = grounds;
        h.requestedAt = uint48(block.timestamp);
        h.openers.push(opener);
        emit HearingRequested(hearingId, memberId, opener, grounds);
    }

    /// @inheritdoc IDocket
    function joinHearing(uint256 hearingId) external {
        Hearing storage h = _hearingAt(hearingId);
        uint32 opener = _openerAgainst(h.memberId);
        if (h.startedAt != 0) revert DocketHearingComplete(hearingId);
        if (h.openers[0] == opener) revert DocketHearingTwice(hearingId, opener);
        uint48 expiredAt = _expiryOf(h);
        if (block.timestamp > expiredAt) revert DocketHearingExpired(hearingId, expiredAt);
        _requireNoneRunning(h.memberId);

        h.startedAt = uint48(block.timestamp);
        h.openers.push(opener);
        _hearingOf[h.memberId] = hearingId;
        emit HearingStarted(hearingId, opener, _votableAt(h), _expiryOf(h));
    }

    /// @inheritdoc IDocket
    function openExpulsion(uint256 hearingId) external returns (uint256 proposalId) {
        Hearing storage h = _hearingAt(hearingId);
        if (h.startedAt == 0) revert DocketHearingNotStarted(hearingId);
        if (h.proposalId != 0) revert DocketHearingVoted(hearingId, h.proposalId);
        uint48 votableAt = _votableAt(h);
        if (block.timestamp < votableAt) revert DocketHearingTooEarly(hearingId, votableAt);
        uint48 expiredAt = _expiryOf(h);
        if (block.timestamp > expiredAt) revert DocketHearingExpired(hearingId, expiredAt);

        address[] memory targets = new address[](1);
        uint256[] memory values = new uint256[](1);
        bytes[] memory calldatas = new bytes[](1);
        targets[0] = address(_membership);
        calldatas[0] = abi.encodeCall(IMembership.expel, (h.memberId));
        string memory description = string.concat(
            "Expulsion of member ",
            Strings.toString(h.memberId),
            ": text:",
            Strings.toHexString(uint256(h.grounds), 32),
            "#nonce=",
            Strings.toString(hearingId),
            "#proposer=",
            Strings.toHexString(address(this))
        );
        // The id is known before the call out, so that a re-entered call finds the hearing voted.
        proposalId = IGovernor(_assembly).getProposalId(targets, values, calldatas, keccak256(bytes(description)));
        h.proposalId = proposalId;
        emit HearingVoteOpened(hearingId, proposalId);
        IAssembly(_assembly).openFor(targets, values, calldatas, description);
    }

    /// @inheritdoc IDocket
    function hearing(uint256 hearingId) external view returns (Hearing memory) {
        return _hearingAt(hearingId);
    }

    /// @inheritdoc IDocket
    function hearingOf(uint32 memberId) external view returns (uint256) {
        return _hearingOf[memberId];
    }

    /// @inheritdoc IDocket
    function openedHearing(uint32 opener, uint32 memberId) external view returns (bool) {
        Hearing storage h = _hearings[_hearingOf[memberId]];
        return h.proposalId != 0 && (h.openers[0] == opener || h.openers[1] == opener);
    }

    function _openerAgainst(uint32 memberId) private view returns (uint32 opener) {
        opener = _membership.requireFull(_msgSender());
        if (opener == memberId) revert DocketHearingAgainstSelf(memberId);
    }

    function _hearingAt(uint256 hearingId) private view returns (Hearing storage) {
        if (hearingId == 0 || hearingId >= _hearings.length) revert DocketUnknownHearing(hearingId);
        return _hearings[hearingId];
    }

    function _requireNoneRunning(uint32 memberId) private view {
        uint256 last = _hearingOf[memberId];
        if (last != 0 && _isRunning(last)) revert DocketHearingRunning(memberId, last);
    }

    /// @dev A started hearing blocks another one until it expires without a vote, or its vote is over.
    function _isRunning(uint256 hearingId) private view returns (bool) {
        Hearing storage h = _hearings[hearingId];
        if (h.proposalId == 0) return block.timestamp <= _expiryOf(h);
        IGovernor.ProposalState state = IGovernor(_assembly).state(h.proposalId);
        return
            state == IGovernor.ProposalState.Pending ||
            state == IGovernor.ProposalState.Active ||
            state == IGovernor.ProposalState.Succeeded;
    }

    function _votableAt(Hearing storage h) private view returns (uint48) {
        return h.startedAt + uint48(_general(Parameters.HEARING));
    }

    /// @dev Waiting for a second opener, and for the vote after the hearing, each end after the same time.
    function _expiryOf(Hearing storage h) private view returns (uint48) {
        uint48 from = h.startedAt == 0 ? h.requestedAt : _votableAt(h);
        return from + uint48(_general(Parameters.HEARING_EXPIRY));
    }

    function _general(uint256 field) private view returns (uint256) {
        return Parameters.at(_constitution.word(Parameters.ASSEMBLY), field);
    }
}
