// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Admission: how people join
/// @notice applyToJoin (`apply` is reserved in Solidity) -> two members vouch -> three days in which members may object -> anyone admits. Two objections (one
/// in communes under 20) make it a vote by the person rule, opened in the same transaction. A member expelled before
/// is always voted on. Every action can be relayed.
interface IAdmission {
    /// @notice Where an application stands. `Open` collects vouches, `Vouched` waits out the objection window,
    /// `Contested` is being voted on, `Cleared` won that vote and waits for room in the season's admissions.
    enum ApplicationStatus {
        None,
        Open,
        Vouched,
        Contested,
        Cleared,
        Admitted,
        Withdrawn
    }

    /// @param applicant who asks to join
    /// @param status where it stands
    /// @param objections how many so far
    /// @param appliedAt Unix seconds
    /// @param vouchedAt when the last needed vouch was given; the objection window runs from here
    /// @param profile keccak256 of the UTF-8 text in which the applicant introduces themselves
    /// @param proposalId the vote on a contested application, or 0
    struct Application {
        address applicant;
        ApplicationStatus status;
        uint16 objections;
        uint48 appliedAt;
        uint48 vouchedAt;
        bytes32 profile;
        uint256 proposalId;
    }

    error AdmissionAlreadyMember(address account, uint32 memberId);
    error AdmissionAlreadyApplied(address applicant, uint256 applicationId);
    error AdmissionUnknownApplication(uint256 applicationId);
    error AdmissionWrongStatus(uint256 applicationId, ApplicationStatus status);
    error AdmissionEmptyProfile();
    error AdmissionVouchForSelf(address account);
    error AdmissionVouchTwice(uint256 applicationId, uint32 memberId);
    error AdmissionVouchesExhausted(uint32 memberId, uint32 season, uint256 limit);
    error AdmissionObjectionTwice(uint256 applicationId, uint32 memberId);
    error AdmissionObjectionByVoucher(uint256 applicationId, uint32 memberId);
    error AdmissionObjectionsExhausted(uint32 memberId, uint32 season, uint256 limit);
    error AdmissionObjectionWindowClosed(uint256 applicationId, uint48 closedAt);
    error AdmissionTooEarly(uint256 applicationId, uint48 admissibleAt);
    error AdmissionExpired(uint256 applicationId, uint48 expiredAt);
    error AdmissionVoucherLost(uint256 applicationId, uint32 memberId);
    error AdmissionSeasonFull(uint32 season, uint256 limit);
    error AdmissionNotApplicant(uint256 applicationId, address caller);
    error AdmissionOnlyRegistry(address caller);

    event Applied(uint256 indexed applicationId, address indexed applicant, bytes32 profile);
    event Vouched(uint256 indexed applicationId, uint32 indexed memberId, uint256 vouches);
    event ObjectionWindowOpened(uint256 indexed applicationId, uint48 closesAt);
    event Objected(uint256 indexed applicationId, uint32 indexed memberId, bytes32 reason, uint256 objections);
    event ApplicationContested(uint256 indexed applicationId, uint256 indexed proposalId);
    event ApplicationCleared(uint256 indexed applicationId);
    event ApplicationWithdrawn(uint256 indexed applicationId);
    event ApplicationAdmitted(uint256 indexed applicationId, uint32 indexed memberId);

    /// @notice Asks to join, with the hash of a text in which one introduces oneself. A new application replaces one
    /// that expired or lost its vote.
    function applyToJoin(bytes32 profile) external returns (uint256 applicationId);

    /// @notice Takes one's own application back while it is not being voted on.
    function withdraw(uint256 applicationId) external;

    /// @notice Pledges for an applicant; the last needed pledge opens the objection window. Members out of probation;
    /// three each season, spent when given.
    function vouch(uint256 applicationId) external;

    /// @notice Calls for a vote on an applicant. Members out of probation, two each season; a voucher cannot object.
    /// @param reason keccak256 of the UTF-8 text that says why
    function object(uint256 applicationId, bytes32 reason) external;

    /// @notice Admits an applicant whose window has passed without enough objections, or who won the vote. Anyone.
    /// At most max(5, 20 % of the members active at the season's start) in a season.
    function admit(uint256 applicationId) external returns (uint32 memberId);

    /// @notice Clears a contested application, and admits at once when the season has room. Restricted (the assembly,
    /// by the admission rule).
    function admitByVote(uint256 applicationId) external;

    function application(uint256 applicationId) external view returns (Application memory);

    /// @notice The application an account made last, or 0.
    function applicationOf(address applicant) external view returns (uint256);

    function vouchersOf(uint256 applicationId) external view returns (uint32[] memory);

    /// @notice Who vouched for a member when they were last admitted (empty for founders).
    function vouchersOfMember(uint32 memberId) external view returns (uint32[] memory);

    function isVoucherOf(uint32 voucher, uint32 memberId) external view returns (bool);

    function vouchesLeft(uint32 memberId) external view returns (uint256);

    function objectionsLeft(uint32 memberId) external view returns (uint256);

    function admissionsLeft() external view returns (uint256);

    function applicationCount() external view returns (uint256);
}
