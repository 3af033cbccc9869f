// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {IConstitution} from "../constitution/IConstitution.sol";
import {IMemberGroup} from "./IMemberGroup.sol";
import {IMembership, IMembershipObserver, Status} from "./IMembership.sol";
import {Poseidon} from "./Poseidon.sol";
import {StoredTree} from "./StoredTree.sol";

/// @title MemberGroup
/// @dev No function of it needs a power: members change their own leaf, and the register tells of the rest.
contract MemberGroup is IMemberGroup, ERC2771Context {
    using StoredTree for StoredTree.Tree;

    /// @dev One slot. While `listed`, the member's commitment is their leaf and is stored nowhere else.
    /// @param index of the leaf, once `registered`
    /// @param season of the last registration that counted against the season's limit
    /// @param recovered whether a recovery has made the next registration free of that limit
    struct Place {
        uint32 index;
        uint32 season;
        bool registered;
        bool listed;
        bool recovered;
    }

    /// @dev The field's order r, in which BabyJubJub's coordinates lie.
    uint256 private constant FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    /// @dev BabyJubJub (ERC-2494): a x^2 + y^2 = 1 + d x^2 y^2.
    uint256 private constant A = 168700;
    uint256 private constant D = 168696;

    IConstitution private immutable _constitution;
    IMembership private immutable _membership;
    address private immutable _poseidon;

    mapping(uint32 memberId => Place) private _places;
    mapping(uint256 commitment => uint32 memberId) private _owners;
    /// @dev What a dormant member's leaf will hold again when they wake.
    mapping(uint32 memberId => uint256 commitment) private _kept;
    StoredTree.Tree private _tree;
    /// @dev Leaves given: at most one for each memberId, so that 32 bits and 32 levels suffice for ever.
    uint32 private _count;
    uint32 private _listed;

    constructor(
        address forwarder,
        IConstitution constitution,
        IMembership membership,
        address poseidon
    ) ERC2771Context(forwarder) {
        _constitution = constitution;
        _membership = membership;
        _poseidon = poseidon;
        _tree.initialise(poseidon);
    }

    // ------------------------------------------------------------------ members

    /// @inheritdoc IMemberGroup
    function register(uint256 ax, uint256 ay) external {
        uint32 memberId = _membership.requireActive(_msgSender());
        uint256 commitment = _commitmentOf(ax, ay);
        uint32 owner = _owners[commitment];
        if (owner != 0 && owner != memberId) revert MemberGroupKeyTaken(commitment, owner);
        Place memory place = _places[memberId];
        if (place.listed && _tree.leafAt(place.index) == commitment) revert MemberGroupKeyUnchanged(commitment);

        if (!place.registered) {
            place.registered = true;
            place.index = _count;
            ++_count;
        } else if (place.recovered) {
            place.recovered = false;
        } else {
            uint32 season = _constitution.currentSeason();
            if (place.season == season) revert MemberGroupReregistered(memberId, season);
            place.season = season;
        }
        if (!place.listed) {
            place.listed = true;
            ++_listed;
        }
        _places[memberId] = place;
        if (owner == 0) _owners[commitment] = memberId;
        emit IdentityRegistered(memberId, place.index, ax, ay, commitment);
        _setLeaf(memberId, place.index, commitment);
    }

    // ------------------------------------------------------------------ the registry

    /// @inheritdoc IMembershipObserver
    /// @notice A dormant member's commitment waits for them; who has left or was expelled registers again.
    function onStatusChange(uint32 memberId, Status, Status to) external {
        _requireMembership();
        if (to == Status.Active) {
            uint256 commitment = _kept[memberId];
            if (commitment == 0) return;
            delete _kept[memberId];
            _places[memberId].listed = true;
            ++_listed;
            _setLeaf(memberId, _places[memberId].index, commitment);
        } else {
            uint256 commitment = _withdraw(memberId);
            if (to == Status.Dormant && commitment != 0) _kept[memberId] = commitment;
        }
    }

    /// @inheritdoc IMembershipObserver
    /// @notice Whoever held the old account may hold the identity's secret too.
    function onAccountMoved(uint32 memberId, address, address) external {
        _requireMembership();
        _withdraw(memberId);
        if (_places[memberId].registered) _places[memberId].recovered = true;
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IMemberGroup
    function root() external view returns (uint256) {
        return _tree.root(_poseidon, _count);
    }

    /// @inheritdoc IMemberGroup
    function size() public view returns (uint256) {
        return _count == 0 ? 0 : 1 << StoredTree.depth(_count);
    }

    /// @inheritdoc IMemberGroup
    function depth() external view returns (uint256) {
        return StoredTree.depth(_count);
    }

    /// @inheritdoc IMemberGroup
    function listed() external view returns (uint32) {
        return _listed;
    }

    /// @inheritdoc IMemberGroup
    function identityOf(uint32 memberId) external view returns (Identity memory) {
        Place memory place = _places[memberId];
        uint256 commitment = place.listed ? _tree.leafAt(place.index) : _kept[memberId];
        return Identity(commitment, place.index, place.listed);
    }

    /// @inheritdoc IMemberGroup
    function ownerOf(uint256 commitment) external view returns (uint32) {
        return _owners[commitment];
    }

    /// @inheritdoc IMemberGroup
    function leafAt(uint32 index) external view returns (uint256) {
        _requireLeaf(index);
        return _tree.leafAt(index);
    }

    /// @inheritdoc IMemberGroup
    function siblingsOf(uint32 index) external view returns (uint256[] memory) {
        _requireLeaf(index);
        return _tree.siblings(_poseidon, _count, index);
    }

    // ------------------------------------------------------------------ effects

    /// @dev Empties a member's leaf and forgets what was kept; returns the commitment it held, or 0.
    function _withdraw(uint32 memberId) private returns (uint256 commitment) {
        Place storage place = _places[memberId];
        if (!place.registered) return 0;
        if (!place.listed) {
            delete _kept[memberId];
            return 0;
        }
        uint32 index = place.index;
        commitment = _tree.leafAt(index);
        place.listed = false;
        --_listed;
        _setLeaf(memberId, index, 0);
    }

    function _setLeaf(uint32 memberId, uint32 index, uint256 leaf) private {
        _tree.set(_poseidon, _count, index, leaf);
        emit LeafChanged(index, memberId, leaf);
    }

    // ------------------------------------------------------------------ checks

    /// @dev Points outside the prime subgroup pass: a proof shows a secret s with s * Base8 as the key, which lies in
    /// it, so that nobody can use such a point. The neutral point (0, 1) has the secret 0, which everybody knows; only
    /// it and (0, -1) have x = 0.
    function _commitmentOf(uint256 ax, uint256 ay) private view returns (uint256) {
        if (ax >= FIELD || ay >= FIELD) revert MemberGroupOffCurve(ax, ay);
        uint256 xx = mulmod(ax, ax, FIELD);
        uint256 yy = mulmod(ay, ay, FIELD);
        uint256 left = addmod(mulmod(A, xx, FIELD), yy, FIELD);
        uint256 right = addmod(1, mulmod(D, mulmod(xx, yy, FIELD), FIELD), FIELD);
        if (left != right) revert MemberGroupOffCurve(ax, ay);
        if (ax == 0) revert MemberGroupWeakKey(ax, ay);
        return Poseidon.hash(_poseidon, ax, ay);
    }

    function _requireMembership() private view {
        if (msg.sender != address(_membership)) revert MemberGroupOnlyMembership(msg.sender);
    }

    function _requireLeaf(uint32 index) private view {
        if (index >= size()) revert MemberGroupUnknownLeaf(index, size());
    }
}
