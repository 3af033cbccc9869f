// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title A token that misbehaves as a test asks; for tests only, never deployed with a commune
contract OddToken {
    /// @notice `Silent` returns nothing, as some old tokens do; `Refusing` returns false and moves nothing; `Idle` returns
    /// true and moves nothing; `Taxing` keeps a tenth on the way; `Greedy` takes one more than asked from the sender;
    /// `Calling` makes the prepared call before it moves anything.
    enum Behaviour {
        Plain,
        Silent,
        Refusing,
        Idle,
        Taxing,
        Greedy,
        Calling
    }

    Behaviour private _behaviour;
    address private _to;
    bytes private _data;

    mapping(address account => uint256) public balanceOf;
    mapping(address account => mapping(address spender => uint256)) public allowance;

    error OddTokenShort(address account, uint256 amount, uint256 balance);
    error OddTokenNotAllowed(address account, address spender, uint256 amount);

    event CalledBack(bool success, bytes result);

    /// @notice Sets how the token behaves from now on.
    function behave(Behaviour behaviour) external {
        _behaviour = behaviour;
    }

    /// @notice Sets what a `Calling` token calls.
    function prepare(address to, bytes calldata data) external {
        _to = to;
        _data = data;
    }

    /// @notice Makes tokens, without a word to their receiver.
    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function transfer(address to, uint256 amount) external {
        _answer(_move(msg.sender, to, amount));
    }

    function transferFrom(address from, address to, uint256 amount) external {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed < amount) revert OddTokenNotAllowed(from, msg.sender, amount);
        allowance[from][msg.sender] = allowed - amount;
        _answer(_move(from, to, amount));
    }

    function _move(address from, address to, uint256 amount) private returns (bool) {
        if (_behaviour == Behaviour.Refusing) return false;
        if (_behaviour == Behaviour.Idle) return true;
        if (_behaviour == Behaviour.Calling) {
            (bool success, bytes memory result) = _to.call(_data);
            emit CalledBack(success, result);
        }
        uint256 taken = _behaviour == Behaviour.Greedy ? amount + 1 : amount;
        uint256 balance = balanceOf[from];
        if (balance < taken) revert OddTokenShort(from, taken, balance);
        balanceOf[from] = balance - taken;
        balanceOf[to] += _behaviour == Behaviour.Taxing ? amount - amount / 10 : amount;
        return true;
    }

    function _answer(bool success) private view {
        if (_behaviour == Behaviour.Silent) return;
        assembly ("memory-safe") {
            mstore(0, success)
            return(0, 32)
        }
    }
}
