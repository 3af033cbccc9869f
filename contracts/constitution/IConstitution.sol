// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title ERC-4824 common interface for DAOs
interface IERC4824 {
    event DAOURIUpdate(address daoAddress, string daoURI);

    /// @notice Where the commune's JSON-LD description is found.
    function daoURI() external view returns (string memory);
}

/// @title The constitution: parameters, rules, topics, seasons and the list of modules
/// @notice The one place that says how the commune decides. Everything here is changed by the constitutional rule
/// only (the assembly's timelock holds the power), within floors and ceilings that no vote can move.
/// Anything that no rule lists falls under the constitutional rule.
interface IConstitution is IERC4824 {
    /// @notice The bar an action must pass. The strictest kind of a proposal's actions holds for all of it.
    /// `Constitutional` is what anything unlisted falls under. `Person` and those after it concern one person, stand alone
    /// in their proposal, skip deliberation and queue, and are called by the assembly itself. `Admission` and `Recall`
    /// have the numbers of `Person`; these two and `Expulsion` are opened by modules only.
    enum RuleKind {
        Constitutional,
        Ordinary,
        Person,
        Admission,
        Expulsion,
        Recall
    }

    /// @notice What the constitution is deployed with, one entry for each parameter in the order of `Parameters`.
    struct ParameterInit {
        bytes32 name;
        uint32 value;
        uint32 floor;
        uint32 ceiling;
    }

    /// @notice A season length and the season from which it holds.
    /// @param firstSeason the first season of this length
    /// @param start when that season starts, Unix seconds
    /// @param length seconds
    struct SeasonEra {
        uint32 firstSeason;
        uint48 start;
        uint32 length;
    }

    error ConstitutionUnknownParameter(bytes32 name);
    error ConstitutionParameterOutOfBounds(bytes32 name, uint32 value, uint32 floor, uint32 ceiling);
    error ConstitutionParameterCountMismatch(uint256 given, uint256 expected);
    error ConstitutionDuplicateParameter(bytes32 name);
    error ConstitutionTopicsExhausted(uint256 limit);
    error ConstitutionEmptyName();
    error ConstitutionZeroTextHash();
    error ConstitutionAlreadyConstituted(uint48 at);
    error ConstitutionNotConstituted();
    error ConstitutionUnknownSeason(uint32 season);
    error ConstitutionActionCount(uint256 given, uint256 limit);
    error ConstitutionWrappedCall(address target, bytes4 selector);
    error ConstitutionRefusedCode(address target, bytes32 codeHash);
    error ConstitutionPersonVoteStandsAlone(uint256 actions);
    error ConstitutionLengthMismatch(uint256 targets, uint256 values, uint256 calldatas);

    event ParameterSet(bytes32 indexed name, uint32 oldValue, uint32 newValue, uint32 floor, uint32 ceiling);
    event RuleSet(address indexed target, bytes4 indexed selector, RuleKind kind);
    event TopicAdded(uint16 indexed topic, string name);
    event ModuleSet(bytes32 indexed name, address module);
    event CodeHashRefusalSet(bytes32 indexed codeHash, bool refused);
    event SeasonLengthSet(uint32 indexed firstSeason, uint48 start, uint32 length);
    event ResolutionAdopted(bytes32 indexed textHash);
    event CharterSet(bytes32 indexed textHash);
    event Constituted(bytes32 indexed constitutionHash, uint32 founders, uint48 at);

    /// @notice Changes a parameter. A new season length holds from the next season on.
    /// @dev Restricted (constitutional). Reverts outside [floor, ceiling].
    function setParameter(bytes32 name, uint32 value) external;

    /// @notice Lists the rule for calling `selector` on `target`. Restricted (constitutional).
    function setRule(address target, bytes4 selector, RuleKind kind) external;

    /// @notice Adds an area of life; topics are never removed. Restricted. Numbered from 1.
    function addTopic(string calldata name) external returns (uint16 topic);

    /// @notice Records where a module of the commune is found, for readers; it grants no power. Restricted.
    function setModule(bytes32 name, address module) external;

    /// @notice Refuses, or allows again, targets with this code hash (for example a known proxy). Restricted.
    function setCodeHashRefusal(bytes32 codeHash, bool refused) external;

    /// @notice Sets where the commune's ERC-4824 description is found. Restricted.
    function setDaoURI(string calldata uri) external;

    /// @notice Sets the hash (keccak256 of the UTF-8 text) of the charter that members agreed to. Restricted.
    function setCharter(bytes32 textHash) external;

    /// @notice Records a decision that needs no other action: a text, by hash. Restricted.
    function adopt(bytes32 textHash) external;

    /// @notice Ends the founding and starts season 1. Once only. Restricted (the founding contract).
    /// @param founders how many members founded the commune
    function constitute(uint32 founders) external;

    /// @notice A parameter's value and bounds.
    function parameter(bytes32 name) external view returns (uint32 value, uint32 floor, uint32 ceiling);

    /// @notice The names of all parameters, in the order of `Parameters` (word by word, empty fields left out).
    function parameterNames() external view returns (bytes32[] memory);

    /// @notice Eight parameters in one word, see `Parameters`.
    function word(uint256 index) external view returns (uint256);

    /// @notice The rule listed for a call; `Constitutional` where none is.
    function ruleOf(address target, bytes4 selector) external view returns (RuleKind);

    /// @notice The numbers of a rule, as a word of `Parameters`.
    function ruleWord(RuleKind kind) external view returns (uint256);

    /// @notice Checks a proposal's actions and says what it takes to pass them.
    /// @dev Reverts for no or too many actions, for calls that wrap other calls, for targets that are minimal proxies
    /// (EIP-1167), delegated accounts (EIP-7702) or listed code, and for a person vote that does not stand alone.
    /// @return kind the strictest rule among the actions
    /// @return rule its word
    /// @return general the word of the assembly's own parameters
    /// @return pin the hash of every target's code, see `pinOf`
    function classify(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata calldatas
    ) external view returns (RuleKind kind, uint256 rule, uint256 general, bytes32 pin);

    /// @notice The hash of all targets' code hashes in order, where "no code" is one value (zero) whether the account
    /// exists or not. Reverts for refused code.
    function pinOf(address[] calldata targets) external view returns (bytes32);

    function topicCount() external view returns (uint16);

    function topicName(uint16 topic) external view returns (string memory);

    function topicExists(uint16 topic) external view returns (bool);

    function moduleAt(bytes32 name) external view returns (address);

    function charter() external view returns (bytes32);

    /// @notice When the commune was constituted, or 0.
    function constitutedAt() external view returns (uint48);

    /// @notice What founders sign: chain, this contract, parameters with bounds, rules, topics, modules and charter.
    function constitutionHash() external view returns (bytes32);

    /// @notice The season at time `t`, counted from 1; reverts before the commune was constituted.
    function seasonAt(uint48 t) external view returns (uint32);

    function currentSeason() external view returns (uint32);

    /// @notice When a season starts (for a season to come: as things stand now) and how long it is.
    function seasonBounds(uint32 season) external view returns (uint48 start, uint32 length);
}
