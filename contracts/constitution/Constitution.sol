// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IConstitution, IERC4824} from "./IConstitution.sol";
import {Parameters} from "./Parameters.sol";
import {TargetCode} from "./TargetCode.sol";
import {WrappedCalls} from "./WrappedCalls.sol";

/// @title Constitution
contract Constitution is IConstitution, AccessManaged {
    bytes32 private constant SEASON_LENGTH = "season.length";
    uint256 private constant TOPIC_LIMIT = 255;
    uint256 private constant WORDS = 14;
    uint256 private constant PARAMETERS = WORDS * Parameters.FIELDS;

    uint256[WORDS] private _words;
    uint256[WORDS] private _floors;
    uint256[WORDS] private _ceilings;
    bytes32[] private _names;
    /// @dev position in `_names` plus one.
    mapping(bytes32 name => uint256 position) private _positions;

    mapping(address target => mapping(bytes4 selector => RuleKind)) private _rules;
    mapping(bytes32 codeHash => bool) private _refused;
    mapping(bytes32 name => address) private _modules;
    string[] private _topics;
    SeasonEra[] private _eras;

    bytes32 private _charter;
    /// @dev While founding: a chain over every rule, topic, module and refusal set; afterwards unused.
    bytes32 private _setupHash;
    bytes32 private _constitutionHash;
    uint48 private _constitutedAt;
    string private _daoURI;

    constructor(address powers, ParameterInit[] memory parameters) AccessManaged(powers) {
        if (parameters.length != PARAMETERS) {
            revert ConstitutionParameterCountMismatch(parameters.length, PARAMETERS);
        }
        for (uint256 i; i < parameters.length; ++i) {
            ParameterInit memory p = parameters[i];
            if (p.name == 0) revert ConstitutionEmptyName();
            if (_positions[p.name] != 0) revert ConstitutionDuplicateParameter(p.name);
            if (p.value < p.floor || p.value > p.ceiling) {
                revert ConstitutionParameterOutOfBounds(p.name, p.value, p.floor, p.ceiling);
            }
            _names.push(p.name);
            _positions[p.name] = i + 1;
            uint256 shift = (i % Parameters.FIELDS) * 32;
            _words[i / Parameters.FIELDS] |= uint256(p.value) << shift;
            _floors[i / Parameters.FIELDS] |= uint256(p.floor) << shift;
            _ceilings[i / Parameters.FIELDS] |= uint256(p.ceiling) << shift;
            emit ParameterSet(p.name, 0, p.value, p.floor, p.ceiling);
        }
    }

    // ------------------------------------------------------------------ changes, by the constitutional rule

    /// @inheritdoc IConstitution
    function setParameter(bytes32 name, uint32 value) external restricted {
        (uint256 index, uint256 field) = _locate(name);
        uint32 floor = uint32(Parameters.at(_floors[index], field));
        uint32 ceiling = uint32(Parameters.at(_ceilings[index], field));
        if (value < floor || value > ceiling) revert ConstitutionParameterOutOfBounds(name, value, floor, ceiling);

        uint256 word_ = _words[index];
        uint32 oldValue = uint32(Parameters.at(word_, field));
        uint256 shift = field * 32;
        _words[index] = (word_ & ~(uint256(type(uint32).max) << shift)) | (uint256(value) << shift);
        emit ParameterSet(name, oldValue, value, floor, ceiling);

        if (name == SEASON_LENGTH && _constitutedAt != 0) _scheduleSeasonLength(value);
    }

    /// @inheritdoc IConstitution
    function setRule(address target, bytes4 selector, RuleKind kind) external restricted {
        _rules[target][selector] = kind;
        _noteSetup(abi.encode("rule", target, selector, kind));
        emit RuleSet(target, selector, kind);
    }

    /// @inheritdoc IConstitution
    function addTopic(string calldata name) external restricted returns (uint16 topic) {
        if (bytes(name).length == 0) revert ConstitutionEmptyName();
        if (_topics.length == TOPIC_LIMIT) revert ConstitutionTopicsExhausted(TOPIC_LIMIT);
        _topics.push(name);
        topic = uint16(_topics.length); // at most TOPIC_LIMIT
        _noteSetup(abi.encode("topic", name));
        emit TopicAdded(topic, name);
    }

    /// @inheritdoc IConstitution
    function setModule(bytes32 name, address module) external restricted {
        if (name == 0) revert ConstitutionEmptyName();
        _modules[name] = module;
        _noteSetup(abi.encode("module", name, module, module.codehash));
        emit ModuleSet(name, module);
    }

    /// @inheritdoc IConstitution
    function setCodeHashRefusal(bytes32 codeHash, bool refused) external restricted {
        _refused[codeHash] = refused;
        _noteSetup(abi.encode("refusal", codeHash, refused));
        emit CodeHashRefusalSet(codeHash, refused);
    }

    /// @inheritdoc IConstitution
    function setDaoURI(string calldata uri) external restricted {
        _daoURI = uri;
        emit DAOURIUpdate(address(this), uri);
    }

    /// @inheritdoc IConstitution
    function setCharter(bytes32 textHash) external restricted {
        if (textHash == 0) revert ConstitutionZeroTextHash();
        _charter = textHash;
        _noteSetup(abi.encode("charter", textHash));
        emit CharterSet(textHash);
    }

    /// @inheritdoc IConstitution
    function adopt(bytes32 textHash) external restricted {
        if (textHash == 0) revert ConstitutionZeroTextHash();
        emit ResolutionAdopted(textHash);
    }

    /// @inheritdoc IConstitution
    function constitute(uint32 founders) external restricted {
        if (_constitutedAt != 0) revert ConstitutionAlreadyConstituted(_constitutedAt);
        bytes32 hash = constitutionHash();
        uint48 at = uint48(block.timestamp);
        uint32 length = uint32(Parameters.at(_words[Parameters.RECOVERY], Parameters.SEASON_LENGTH));
        _constitutionHash = hash;
        _constitutedAt = at;
        _eras.push(SeasonEra({firstSeason: 1, start: at, length: length}));
        emit Constituted(hash, founders, at);
        emit SeasonLengthSet(1, at, length);
    }

    // ------------------------------------------------------------------ parameters

    /// @inheritdoc IConstitution
    function parameter(bytes32 name) external view returns (uint32 value, uint32 floor, uint32 ceiling) {
        (uint256 index, uint256 field) = _locate(name);
        return (
            uint32(Parameters.at(_words[index], field)),
            uint32(Parameters.at(_floors[index], field)),
            uint32(Parameters.at(_ceilings[index], field))
        );
    }

    /// @inheritdoc IConstitution
    function parameterNames() external view returns (bytes32[] memory) {
        return _names;
    }

    /// @inheritdoc IConstitution
    function word(uint256 index) external view returns (uint256) {
        return _words[index];
    }

    // ------------------------------------------------------------------ rules

    /// @inheritdoc IConstitution
    function ruleOf(address target, bytes4 selector) external view returns (RuleKind) {
        return _rules[target][selector];
    }

    /// @inheritdoc IConstitution
    function ruleWord(RuleKind kind) public view returns (uint256) {
        if (kind == RuleKind.Constitutional) return _words[Parameters.CONSTITUTIONAL];
        if (kind == RuleKind.Ordinary) return _words[Parameters.ORDINARY];
        if (kind == RuleKind.Expulsion) return _words[Parameters.EXPULSION];
        return _words[Parameters.PERSON];
    }

    /// @inheritdoc IConstitution
    function classify(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata calldatas
    ) external view returns (RuleKind kind, uint256 rule, uint256 general, bytes32 pin) {
        uint256 count = targets.length;
        if (values.length != count || calldatas.length != count) {
            revert ConstitutionLengthMismatch(count, values.length, calldatas.length);
        }
        general = _words[Parameters.ASSEMBLY];
        uint256 limit = Parameters.at(general, Parameters.MAX_ACTIONS);
        if (count == 0 || count > limit) revert ConstitutionActionCount(count, limit);

        kind = _kindOf(targets[0], calldatas[0]);
        for (uint256 i = 1; i < count; ++i) {
            RuleKind other = _kindOf(targets[i], calldatas[i]);
            if (kind >= RuleKind.Person || other >= RuleKind.Person) revert ConstitutionPersonVoteStandsAlone(count);
            if (other == RuleKind.Constitutional) kind = other;
        }
        rule = ruleWord(kind);
        pin = pinOf(targets);
    }

    /// @inheritdoc IConstitution
    function pinOf(address[] calldata targets) public view returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](targets.length);
        for (uint256 i; i < targets.length; ++i) {
            bytes32 codeHash = TargetCode.hashOf(targets[i]);
            if (TargetCode.isDelegating(targets[i]) || _refused[codeHash]) {
                revert ConstitutionRefusedCode(targets[i], codeHash);
            }
            hashes[i] = codeHash;
        }
        return keccak256(abi.encodePacked(hashes));
    }

    function _kindOf(address target, bytes calldata data) private view returns (RuleKind) {
        // Fewer than four bytes reach no function, so that no list of functions covers them.
        if (data.length < 4) return RuleKind.Constitutional;
        bytes4 selector = bytes4(data);
        if (WrappedCalls.isWrapper(selector)) revert ConstitutionWrappedCall(target, selector);
        return _rules[target][selector];
    }

    // ------------------------------------------------------------------ topics, modules, charter

    /// @inheritdoc IConstitution
    function topicCount() external view returns (uint16) {
        return uint16(_topics.length);
    }

    /// @inheritdoc IConstitution
    function topicName(uint16 topic) external view returns (string memory) {
        return _topics[topic - 1];
    }

    /// @inheritdoc IConstitution
    function topicExists(uint16 topic) external view returns (bool) {
        return topic != 0 && topic <= _topics.length;
    }

    /// @inheritdoc IConstitution
    function moduleAt(bytes32 name) external view returns (address) {
        return _modules[name];
    }

    /// @inheritdoc IConstitution
    function charter() external view returns (bytes32) {
        return _charter;
    }

    /// @inheritdoc IERC4824
    function daoURI() external view returns (string memory) {
        return _daoURI;
    }

    /// @inheritdoc IConstitution
    function constitutedAt() external view returns (uint48) {
        return _constitutedAt;
    }

    /// @inheritdoc IConstitution
    function constitutionHash() public view returns (bytes32) {
        if (_constitutedAt != 0) return _constitutionHash;
        return
            keccak256(
                abi.encode(block.chainid, address(this), authority(), _names, _words, _floors, _ceilings, _setupHash)
            );
    }

    // ------------------------------------------------------------------ seasons

    /// @inheritdoc IConstitution
    function seasonAt(uint48 t) public view returns (uint32) {
        // Reads of the recent past end at the last era or the one before: an era needs a constitutional vote.
        for (uint256 i = _eras.length; i > 0; --i) {
            SeasonEra storage era = _eras[i - 1];
            if (era.start <= t) return era.firstSeason + uint32((t - era.start) / era.length);
        }
        revert ConstitutionNotConstituted();
    }

    /// @inheritdoc IConstitution
    function currentSeason() external view returns (uint32) {
        return seasonAt(uint48(block.timestamp));
    }

    /// @inheritdoc IConstitution
    function seasonBounds(uint32 season) public view returns (uint48 start, uint32 length) {
        if (season == 0) revert ConstitutionUnknownSeason(season);
        for (uint256 i = _eras.length; i > 0; --i) {
            SeasonEra storage era = _eras[i - 1];
            if (era.firstSeason <= season) {
                return (era.start + uint48(season - era.firstSeason) * era.length, era.length);
            }
        }
        revert ConstitutionNotConstituted();
    }

    /// @dev The new length holds from the next season; a second change in one season overwrites the first.
    function _scheduleSeasonLength(uint32 length) private {
        uint32 season = seasonAt(uint48(block.timestamp));
        (uint48 start, uint32 current) = seasonBounds(season);
        SeasonEra memory era = SeasonEra({firstSeason: season + 1, start: start + current, length: length});
        if (_eras[_eras.length - 1].firstSeason == era.firstSeason) _eras.pop();
        _eras.push(era);
        emit SeasonLengthSet(era.firstSeason, era.start, length);
    }

    // ------------------------------------------------------------------ founding

    function _noteSetup(bytes memory entry) private {
        if (_constitutedAt == 0) _setupHash = keccak256(abi.encode(_setupHash, keccak256(entry)));
    }

    function _locate(bytes32 name) private view returns (uint256 index, uint256 field) {
        uint256 position = _positions[name];
        if (position == 0) revert ConstitutionUnknownParameter(name);
        return ((position - 1) / Parameters.FIELDS, (position - 1) % Parameters.FIELDS);
    }
}
