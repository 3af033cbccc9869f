// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Consent: small things that nobody objects to
/// @notice Beside the Docket: a sponsored draft whose actions are all on the consent list, within their caps, passes
/// if within the window (3 days) enough members acknowledge it (10 % of the quorum base, at least 3) and fewer than
/// max(2, 5 %) block it. Silence passes nothing. Anyone then carries it out, with the powers that this contract holds,
/// which are those of the list and no others. A blocked one can be opened as the ordinary proposal of the same id, text,
/// sponsors and topic.
///
/// A consent proposal's id is that of the assembly's proposal with the same actions and description; its description
/// ends in `#nonce=<digits>#proposer=0x<this contract>`. Its actions carry no value.
interface IConsent {
    enum Response {
        None,
        Acknowledge,
        Block,
        StandAside
    }

    enum ConsentState {
        Unknown,
        Open,
        Passed,
        Blocked,
        Lapsed,
        Executed,
        Escalated,
        Expired
    }

    /// @notice What may be done by consent.
    /// @param keyed whether it is for calls whose first 32-byte argument equals the allowance's key only: an amount says
    /// nothing without its asset
    /// @param argument which 32-byte word of the arguments is an amount, counted from 1; 0 for none. Only a value of fixed
    /// size stands where it is expected: where an array, a text or a struct with one begins is the caller's choice
    /// @param cap the most that the amounts of one consent proposal's calls under this allowance add up to
    struct Allowance {
        bool allowed;
        bool keyed;
        uint8 argument;
        uint128 cap;
    }

    /// @notice A consent proposal, frozen when it opened except for the counts.
    /// @param opener memberId of who opened it
    /// @param electorateAt the second before it opened: who was active then may respond
    /// @param end last second of the window
    /// @param expiry last second in which it can be carried out or escalated
    /// @param needed acknowledgements it takes
    /// @param limit blocks that stop it
    struct ConsentProposal {
        uint32 opener;
        uint16 topic;
        uint48 electorateAt;
        uint48 end;
        uint48 expiry;
        uint32 needed;
        uint32 limit;
        uint32 acknowledged;
        uint32 blocks;
        uint32 stoodAside;
        bool executed;
        bool escalated;
        bytes32 pin;
    }

    error ConsentNotAllowed(address target, bytes4 selector);
    error ConsentOverCap(address target, bytes4 selector, uint256 amount, uint256 cap);
    error ConsentShortCall(address target, uint256 length, uint256 needed);
    error ConsentDescriptionSuffix(address proposer);
    error ConsentNotOrdinary(uint256 proposalId);
    error ConsentAlreadyOpened(uint256 proposalId);
    error ConsentLiveProposal(uint32 memberId, uint256 proposalId);
    error ConsentWrongState(uint256 proposalId, ConsentState state, ConsentState required);
    error ConsentNotInElectorate(uint256 proposalId, address account);
    error ConsentSameResponse(uint256 proposalId, uint32 memberId, Response response);
    error ConsentReasonNeeded(Response response);
    error ConsentCodeChanged(uint256 proposalId, bytes32 pinned, bytes32 found);
    error ConsentCallFailed(uint256 index, bytes reason);
    error ConsentNeedlessKey(bytes32 key);

    event AllowanceSet(address indexed target, bytes4 indexed selector, bytes32 indexed key, Allowance allowance);
    event ConsentOpened(
        uint256 indexed proposalId,
        uint32 indexed opener,
        uint16 indexed topic,
        address[] targets,
        bytes[] calldatas,
        string description,
        ConsentProposal terms
    );
    /// @param previous the response it replaces, or None
    event Responded(
        uint256 indexed proposalId,
        uint32 indexed memberId,
        Response response,
        Response previous,
        bytes32 reason
    );
    event ConsentExecuted(uint256 indexed proposalId);
    /// @notice It was blocked and is now the assembly's ordinary proposal of the same id.
    event ConsentEscalated(uint256 indexed proposalId);

    /// @notice Puts a call on the consent list, or takes it off. Restricted (constitutional).
    /// @param key the first argument it is for, where the allowance is keyed; else 0
    function setAllowance(address target, bytes4 selector, bytes32 key, Allowance calldata allowance) external;

    /// @notice Opens a sponsored draft for consent. Active members, one live consent proposal each.
    function open(
        address[] calldata targets,
        bytes[] calldata calldatas,
        string calldata description
    ) external returns (uint256 proposalId);

    /// @notice Says yes, blocks, or stands aside; the last response before the end counts. A block and a stand-aside need
    /// a reason: keccak256 of its UTF-8 text. Members of the electorate.
    function respond(uint256 proposalId, Response response, bytes32 reason) external;

    /// @notice Carries out what passed, before it expires. Anyone.
    function execute(address[] calldata targets, bytes[] calldata calldatas, bytes32 descriptionHash) external;

    /// @notice Opens what was blocked as an ordinary proposal, before it expires. Anyone.
    function escalate(address[] calldata targets, bytes[] calldata calldatas, string calldata description) external;

    /// @notice The allowance that covers a call with this first argument; not allowed where there is none.
    function allowanceFor(
        address target,
        bytes4 selector,
        bytes32 firstArgument
    ) external view returns (Allowance memory);
    function consentProposal(uint256 proposalId) external view returns (ConsentProposal memory);
    function state(uint256 proposalId) external view returns (ConsentState);
    function responseOf(uint256 proposalId, uint32 memberId) external view returns (Response);
    function liveProposalOf(uint32 memberId) external view returns (uint256);
}
