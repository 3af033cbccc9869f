// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IAssembly} from "../assembly/IAssembly.sol";
import {IDocket} from "../assembly/IDocket.sol";
import {IConstitution} from "../constitution/IConstitution.sol";
import {Module} from "../constitution/Module.sol";
import {Parameters} from "../constitution/Parameters.sol";
import {IReputation, Reason} from "../reputation/IReputation.sol";
import {IAdmission} from "./IAdmission.sol";
import {IMembership, IMembershipObserver, Status} from "./IMembership.sol";

/// @title Admission
contract Admission is IAdmission, IMembershipObserver, Module {
    /// @dev One slot: what a member has spent in a season.
    struct Spent {
        uint32 season;
        uint32 vouches;
        uint32 objections;
    }

    /// @dev One slot: how many were admitted in a season.
    struct Admitted {
        uint32 season;
        uint32 count;
    }

    uint256 private constant BPS = 10_000;
    /// @dev Parameters hold whole points, reputation counts in micro-points.
    uint64 private constant MICRO_POINTS = 1_000_000;

    IConstitution private immutable _constitution;
    IMembership private immutable _membership;
    IReputation private immutable _reputation;
    IAssembly private immutable _assembly;
    IDocket private immutable _docket;

    uint256 private _applicationCount;
    mapping(uint256 applicationId => Application) private _applications;
    mapping(uint256 applicationId => uint32[]) private _vouchers;
    mapping(uint256 applicationId => mapping(uint32 memberId => bool)) private _objected;
    mapping(address applicant => uint256 applicationId) private _applicationOf;
    /// @dev The application by which a member was last admitted; 0, which has no vouchers, for founders.
    mapping(uint32 memberId => uint256 applicationId) private _admittedBy;
    mapping(uint32 memberId => Spent) private _spent;
    Admitted private _admitted;

    constructor(
        address powers,
        address forwarder,
        IConstitution constitution,
        IMembership membership,
        IReputation reputation,
        IAssembly assembly_,
        IDocket docket
    ) Module(powers, forwarder) {
        _constitution = constitution;
        _membership = membership;
        _reputation = reputation;
        _assembly = assembly_;
        _docket = docket;
    }

    // ------------------------------------------------------------------ applicants

    /// @inheritdoc IAdmission
    function applyToJoin(bytes32 profile) external returns (uint256 applicationId) {
        address applicant = _msgSender();
        if (_constitution.constitutedAt() == 0) revert IConstitution.ConstitutionNotConstituted();
        if (profile == 0) revert AdmissionEmptyProfile();
        _requireOutsider(applicant);
        uint256 previous = _applicationOf[applicant];
        if (_isPending(previous)) {
            if (!_isLapsed(previous)) revert AdmissionAlreadyApplied(applicant, previous);
            _close(previous);
        }

        applicationId = ++_applicationCount;
        Application storage a = _applications[applicationId];
        a.applicant = applicant;
        a.status = ApplicationStatus.Open;
        a.appliedAt = uint48(block.timestamp);
        a.profile = profile;
        _applicationOf[applicant] = applicationId;
        emit Applied(applicationId, applicant, profile);
    }

    /// @inheritdoc IAdmission
    function withdraw(uint256 applicationId) external {
        Application storage a = _known(applicationId);
        address caller = _msgSender();
        if (a.applicant != caller) revert AdmissionNotApplicant(applicationId, caller);
        if (!_isPending(applicationId) || a.status == ApplicationStatus.Contested) {
            revert AdmissionWrongStatus(applicationId, a.status);
        }
        _close(applicationId);
    }

    // ------------------------------------------------------------------ members

    /// @inheritdoc IAdmission
    function vouch(uint256 applicationId) external {
        Application storage a = _known(applicationId);
        address account = _msgSender();
        if (a.applicant == account) revert AdmissionVouchForSelf(account);
        uint32 memberId = _membership.requireFull(account);
        if (a.status != ApplicationStatus.Open) revert AdmissionWrongStatus(applicationId, a.status);
        _requireUnexpired(applicationId, a.appliedAt);
        uint32[] storage vouchers = _vouchers[applicationId];
        if (_contains(vouchers, memberId)) revert AdmissionVouchTwice(applicationId, memberId);
        uint256 rules = _constitution.word(Parameters.ADMISSION);
        Spent memory spent = _spentNow(memberId);
        uint256 limit = Parameters.at(rules, Parameters.VOUCHES_PER_SEASON);
        if (spent.vouches >= limit) revert AdmissionVouchesExhausted(memberId, spent.season, limit);

        ++spent.vouches;
        _spent[memberId] = spent;
        vouchers.push(memberId);
        emit Vouched(applicationId, memberId, vouchers.length);

        if (vouchers.length < Parameters.at(rules, Parameters.VOUCHES)) return;
        a.status = ApplicationStatus.Vouched;
        a.vouchedAt = uint48(block.timestamp);
        if (_membership.statusOf(_membership.memberIdOf(a.applicant)) == Status.Expelled) {
            _contest(applicationId);
        } else {
            emit ObjectionWindowOpened(applicationId, _windowEnd(a.vouchedAt, rules));
        }
    }

    /// @inheritdoc IAdmission
    function object(uint256 applicationId, bytes32 reason) external {
        Application storage a = _known(applicationId);
        uint32 memberId = _membership.requireFull(_msgSender());
        if (a.status != ApplicationStatus.Vouched) revert AdmissionWrongStatus(applicationId, a.status);
        uint256 rules = _constitution.word(Parameters.ADMISSION);
        uint48 closesAt = _windowEnd(a.vouchedAt, rules);
        if (block.timestamp >= closesAt) revert AdmissionObjectionWindowClosed(applicationId, closesAt);
        if (_contains(_vouchers[applicationId], memberId)) {
            revert AdmissionObjectionByVoucher(applicationId, memberId);
        }
        if (_objected[applicationId][memberId]) revert AdmissionObjectionTwice(applicationId, memberId);
        Spent memory spent = _spentNow(memberId);
        uint256 limit = Parameters.at(rules, Parameters.OBJECTIONS_PER_SEASON);
        if (spent.objections >= limit) revert AdmissionObjectionsExhausted(memberId, spent.season, limit);

        ++spent.objections;
        _spent[memberId] = spent;
        _objected[applicationId][memberId] = true;
        uint256 objections = ++a.objections;
        emit Objected(applicationId, memberId, reason, objections);

        bool small = _membership.activeCount() < Parameters.at(rules, Parameters.SMALL_COMMUNE);
        uint256 needed = Parameters.at(rules, small ? Parameters.OBJECTIONS_SMALL : Parameters.OBJECTIONS);
        if (objections >= needed) _contest(applicationId);
    }

    /// @inheritdoc IAdmission
    function admit(uint256 applicationId) external returns (uint32 memberId) {
        Application storage a = _known(applicationId);
        if (a.status == ApplicationStatus.Vouched) {
            uint48 admissibleAt = _windowEnd(a.vouchedAt, _constitution.word(Parameters.ADMISSION));
            if (block.timestamp < admissibleAt) revert AdmissionTooEarly(applicationId, admissibleAt);
            _requireUnexpired(applicationId, admissibleAt);
            uint32[] memory vouchers = _vouchers[applicationId];
            for (uint256 i = 0; i < vouchers.length; ++i) {
                if (_membership.statusOf(vouchers[i]) != Status.Active) {
                    revert AdmissionVoucherLost(applicationId, vouchers[i]);
                }
            }
        } else if (a.status != ApplicationStatus.Cleared) {
            revert AdmissionWrongStatus(applicationId, a.status);
        }
        (uint32 season, uint256 limit, uint256 left) = _room();
        if (left == 0) revert AdmissionSeasonFull(season, limit);
        return _admit(applicationId, season);
    }

    // ------------------------------------------------------------------ the assembly

    /// @inheritdoc IAdmission
    function admitByVote(uint256 applicationId) external restricted {
        Application storage a = _known(applicationId);
        if (a.status != ApplicationStatus.Contested) revert AdmissionWrongStatus(applicationId, a.status);
        a.status = ApplicationStatus.Cleared;
        emit ApplicationCleared(applicationId);
        (uint32 season, , uint256 left) = _room();
        if (left != 0) _admit(applicationId, season);
    }

    // ------------------------------------------------------------------ the registry

    /// @inheritdoc IMembershipObserver
    /// @notice An expulsion costs those who vouched for the member lately, and ends an application under way: whoever
    /// comes back from it is voted on.
    function onStatusChange(uint32 memberId, Status, Status to) external {
        if (msg.sender != address(_membership)) revert AdmissionOnlyRegistry(msg.sender);
        if (to != Status.Expelled) return;
        IMembership.Member memory expelled = _membership.member(memberId);
        uint256 applicationId = _applicationOf[expelled.account];
        if (_isPending(applicationId)) _close(applicationId);
        _penaliseVouchers(memberId, expelled.joinedAt);
    }

    /// @inheritdoc IMembershipObserver
    /// @notice Ends the application of an account that has become a member's by recovery.
    function onAccountMoved(uint32, address, address to) external {
        if (msg.sender != address(_membership)) revert AdmissionOnlyRegistry(msg.sender);
        uint256 applicationId = _applicationOf[to];
        if (_isPending(applicationId)) _close(applicationId);
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IAdmission
    function application(uint256 applicationId) external view returns (Application memory) {
        return _known(applicationId);
    }

    /// @inheritdoc IAdmission
    function applicationOf(address applicant) external view returns (uint256) {
        return _applicationOf[applicant];
    }

    /// @inheritdoc IAdmission
    function vouchersOf(uint256 applicationId) external view returns (uint32[] memory) {
        return _vouchers[applicationId];
    }

    /// @inheritdoc IAdmission
    function vouchersOfMember(uint32 memberId) external view returns (uint32[] memory) {
        return _vouchers[_admittedBy[memberId]];
    }

    /// @inheritdoc IAdmission
    function isVoucherOf(uint32 voucher, uint32 memberId) external view returns (bool) {
        return _contains(_vouchers[_admittedBy[memberId]], voucher);
    }

    /// @inheritdoc IAdmission
    function vouchesLeft(uint32 memberId) external view returns (uint256) {
        uint256 limit = Parameters.at(_constitution.word(Parameters.ADMISSION), Parameters.VOUCHES_PER_SEASON);
        uint256 used = _spentNow(memberId).vouches;
        return used < limit ? limit - used : 0;
    }

    /// @inheritdoc IAdmission
    function objectionsLeft(uint32 memberId) external view returns (uint256) {
        uint256 limit = Parameters.at(_constitution.word(Parameters.ADMISSION), Parameters.OBJECTIONS_PER_SEASON);
        uint256 used = _spentNow(memberId).objections;
        return used < limit ? limit - used : 0;
    }

    /// @inheritdoc IAdmission
    function admissionsLeft() external view returns (uint256 left) {
        (, , left) = _room();
    }

    /// @inheritdoc IAdmission
    function applicationCount() external view returns (uint256) {
        return _applicationCount;
    }

    // ------------------------------------------------------------------ effects

    /// @dev Opens the vote. The assembly is trusted and calls nothing but the commune's own contracts.
    function _contest(uint256 applicationId) private {
        Application storage a = _applications[applicationId];
        a.status = ApplicationStatus.Contested;

        address[] memory targets = new address[](1);
        uint256[] memory values = new uint256[](1);
        bytes[] memory calldatas = new bytes[](1);
        targets[0] = address(this);
        calldatas[0] = abi.encodeCall(this.admitByVote, (applicationId));
        string memory id = Strings.toString(applicationId);
        string memory description = string.concat(
            string.concat("Admission of applicant ", id, ": text:", Strings.toHexString(uint256(a.profile), 32)),
            string.concat("#nonce=", id, "#proposer=", Strings.toHexString(address(this)))
        );
        uint256 proposalId = _assembly.openFor(targets, values, calldatas, description);

        a.proposalId = proposalId;
        emit ApplicationContested(applicationId, proposalId);
    }

    /// @dev The caller has checked that `season` has room.
    function _admit(uint256 applicationId, uint32 season) private returns (uint32 memberId) {
        Application storage a = _applications[applicationId];
        a.status = ApplicationStatus.Admitted;
        _admitted = Admitted({season: season, count: _admittedIn(season) + 1});
        memberId = _membership.admit(a.applicant);
        _admittedBy[memberId] = applicationId;
        emit ApplicationAdmitted(applicationId, memberId);
    }

    function _close(uint256 applicationId) private {
        _applications[applicationId].status = ApplicationStatus.Withdrawn;
        emit ApplicationWithdrawn(applicationId);
    }

    /// @dev Those who opened the hearing set right what they had done, and pay nothing.
    function _penaliseVouchers(uint32 memberId, uint48 joinedAt) private {
        uint256 limits = _constitution.word(Parameters.MEMBERSHIP);
        // At most 2^32 * 10^6, below 2^64.
        uint64 penalty = uint64(Parameters.at(limits, Parameters.VOUCHER_PENALTY)) * MICRO_POINTS;
        if (penalty == 0 || block.timestamp > joinedAt + Parameters.at(limits, Parameters.LIABILITY)) return;
        uint256 applicationId = _admittedBy[memberId];
        uint32[] memory vouchers = _vouchers[applicationId];
        for (uint256 i = 0; i < vouchers.length; ++i) {
            if (_docket.openedHearing(vouchers[i], memberId)) continue;
            // The evidence is the application that was vouched for, by its number.
            _reputation.penaliseAcross(vouchers[i], penalty, Reason.Voucher, bytes32(applicationId));
        }
    }

    // ------------------------------------------------------------------ checks

    function _known(uint256 applicationId) private view returns (Application storage a) {
        a = _applications[applicationId];
        if (a.status == ApplicationStatus.None) revert AdmissionUnknownApplication(applicationId);
    }

    /// @dev An account holds one membership in its life: one that a recovery took it from cannot join again.
    function _requireOutsider(address account) private view {
        uint32 memberId = _membership.lastMemberIdOf(account);
        if (memberId == 0) return;
        Status status = _membership.statusOf(memberId);
        bool returns_ = status == Status.Left || status == Status.Expelled;
        if (!returns_ || _membership.memberIdOf(account) == 0) revert AdmissionAlreadyMember(account, memberId);
    }

    function _isPending(uint256 applicationId) private view returns (bool) {
        ApplicationStatus status = _applications[applicationId].status;
        return
            status == ApplicationStatus.Open ||
            status == ApplicationStatus.Vouched ||
            status == ApplicationStatus.Contested ||
            status == ApplicationStatus.Cleared;
    }

    /// @dev Whether a pending application has no way left to succeed. One that won its vote waits as long as it takes.
    function _isLapsed(uint256 applicationId) private view returns (bool) {
        Application storage a = _applications[applicationId];
        if (a.status == ApplicationStatus.Open) return block.timestamp >= _expiresAt(a.appliedAt);
        if (a.status == ApplicationStatus.Vouched) {
            return block.timestamp >= _expiresAt(_windowEnd(a.vouchedAt, _constitution.word(Parameters.ADMISSION)));
        }
        if (a.status == ApplicationStatus.Cleared) return false;
        IGovernor.ProposalState state = IGovernor(address(_assembly)).state(a.proposalId);
        return
            state == IGovernor.ProposalState.Defeated ||
            state == IGovernor.ProposalState.Expired ||
            state == IGovernor.ProposalState.Canceled;
    }

    function _requireUnexpired(uint256 applicationId, uint48 from) private view {
        uint48 expiresAt = _expiresAt(from);
        if (block.timestamp >= expiresAt) revert AdmissionExpired(applicationId, expiresAt);
    }

    /// @dev An application expires if it finds no vouches, or if nobody admits it after its window. Timestamps with 32
    /// bits more stay below 2^48; so below.
    function _expiresAt(uint48 from) private view returns (uint48) {
        return from + uint48(Parameters.at(_constitution.word(Parameters.MEMBERSHIP), Parameters.APPLICATION_EXPIRY));
    }

    function _windowEnd(uint48 vouchedAt, uint256 rules) private pure returns (uint48) {
        return vouchedAt + uint48(Parameters.at(rules, Parameters.OBJECTION_WINDOW));
    }

    function _spentNow(uint32 memberId) private view returns (Spent memory spent) {
        spent = _spent[memberId];
        uint32 season = _constitution.currentSeason();
        if (spent.season != season) spent = Spent({season: season, vouches: 0, objections: 0});
    }

    function _admittedIn(uint32 season) private view returns (uint32) {
        return _admitted.season == season ? _admitted.count : 0;
    }

    function _room() private view returns (uint32 season, uint256 limit, uint256 left) {
        season = _constitution.currentSeason();
        uint256 limits = _constitution.word(Parameters.MEMBERSHIP);
        limit = Parameters.at(limits, Parameters.ADMISSIONS_MIN);
        uint256 share = Parameters.at(limits, Parameters.ADMISSIONS_SHARE_BPS);
        uint256 ofMembers = (_membership.activeAtSeasonStart() * share) / BPS;
        if (ofMembers > limit) limit = ofMembers;
        uint256 used = _admittedIn(season);
        left = used < limit ? limit - used : 0;
    }

    /// @dev A list of vouchers is as long as the vouches it takes.
    function _contains(uint32[] storage list, uint32 memberId) private view returns (bool) {
        uint256 length = list.length;
        for (uint256 i = 0; i < length; ++i) {
            if (list[i] == memberId) return true;
        }
        return false;
    }
}
