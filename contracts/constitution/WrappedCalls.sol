// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IAssembly} from "../assembly/IAssembly.sol";
import {IConsent} from "../assembly/IConsent.sol";
import {IForwarder} from "../forwarder/IForwarder.sol";
import {IOffices} from "../offices/IOffices.sol";

/// @title Calls that wrap other calls
/// @notice Refused in proposals and mandates: a strict rule must not be evaded by wrapping what it protects. The
/// selectors are those of this system's own contracts and of the wrappers in common use.
library WrappedCalls {
    bytes4 private constant MULTICALL_DEADLINE = bytes4(keccak256("multicall(uint256,bytes[])"));
    bytes4 private constant MULTICALL_BLOCK = bytes4(keccak256("multicall(bytes32,bytes[])"));
    bytes4 private constant ACCOUNT_EXECUTE = bytes4(keccak256("execute(address,uint256,bytes)"));
    bytes4 private constant ERC7821_EXECUTE = bytes4(keccak256("execute(bytes32,bytes)"));
    bytes4 private constant ERC6551_EXECUTE = bytes4(keccak256("execute(address,uint256,bytes,uint8)"));
    bytes4 private constant ACCOUNT_BATCH = bytes4(keccak256("executeBatch((address,uint256,bytes)[])"));
    bytes4 private constant ACCOUNT_BATCH_LISTS = bytes4(keccak256("executeBatch(address[],uint256[],bytes[])"));
    bytes4 private constant ACCOUNT_BATCH_NO_VALUES = bytes4(keccak256("executeBatch(address[],bytes[])"));
    bytes4 private constant COMPOUND_EXECUTE = bytes4(
        keccak256("executeTransaction(address,uint256,string,bytes,uint256)")
    );
    bytes4 private constant SAFE_MODULE_EXECUTE = bytes4(
        keccak256("execTransactionFromModule(address,uint256,bytes,uint8)")
    );
    bytes4 private constant SAFE_MODULE_EXECUTE_RETURN = bytes4(
        keccak256("execTransactionFromModuleReturnData(address,uint256,bytes,uint8)")
    );
    bytes4 private constant MULTI_SEND = bytes4(keccak256("multiSend(bytes)"));
    bytes4 private constant SAFE_EXECUTE = bytes4(
        keccak256("execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)")
    );
    bytes4 private constant AGGREGATE = bytes4(keccak256("aggregate((address,bytes)[])"));
    bytes4 private constant AGGREGATE3 = bytes4(keccak256("aggregate3((address,bool,bytes)[])"));
    bytes4 private constant AGGREGATE3_VALUE = bytes4(keccak256("aggregate3Value((address,bool,uint256,bytes)[])"));
    bytes4 private constant TRY_AGGREGATE = bytes4(keccak256("tryAggregate(bool,(address,bytes)[])"));

    bytes4 private constant BLOCK_AGGREGATE = bytes4(keccak256("blockAndAggregate((address,bytes)[])"));
    bytes4 private constant TRY_BLOCK_AGGREGATE = bytes4(keccak256("tryBlockAndAggregate(bool,(address,bytes)[])"));

    /// @notice Whether a function carries out calls that are handed to it.
    function isWrapper(bytes4 selector) internal pure returns (bool) {
        return
            _isOfGovernance(selector) || _isOfManager(selector) || _isOfAccounts(selector) || _isOfMulticalls(selector);
    }

    function _isOfGovernance(bytes4 s) private pure returns (bool) {
        return
            s == Governor.relay.selector ||
            s == IAssembly.openFor.selector ||
            s == IConsent.open.selector ||
            s == IConsent.execute.selector ||
            s == IConsent.escalate.selector ||
            s == IOffices.exercise.selector ||
            s == IGovernor.propose.selector ||
            s == IGovernor.queue.selector ||
            s == IGovernor.execute.selector ||
            s == TimelockController.schedule.selector ||
            s == TimelockController.scheduleBatch.selector ||
            s == TimelockController.execute.selector ||
            s == TimelockController.executeBatch.selector;
    }

    function _isOfManager(bytes4 s) private pure returns (bool) {
        return
            s == IAccessManager.execute.selector ||
            s == IAccessManager.schedule.selector ||
            s == bytes4(keccak256("multicall(bytes[])")) ||
            s == IForwarder.execute.selector ||
            s == IForwarder.executeBatch.selector;
    }

    function _isOfAccounts(bytes4 s) private pure returns (bool) {
        return
            s == ACCOUNT_EXECUTE ||
            s == ACCOUNT_BATCH ||
            s == ACCOUNT_BATCH_LISTS ||
            s == ACCOUNT_BATCH_NO_VALUES ||
            s == ERC7821_EXECUTE ||
            s == ERC6551_EXECUTE ||
            s == COMPOUND_EXECUTE ||
            s == SAFE_EXECUTE ||
            s == SAFE_MODULE_EXECUTE ||
            s == SAFE_MODULE_EXECUTE_RETURN;
    }

    function _isOfMulticalls(bytes4 s) private pure returns (bool) {
        return
            s == MULTICALL_DEADLINE ||
            s == MULTICALL_BLOCK ||
            s == MULTI_SEND ||
            s == AGGREGATE ||
            s == AGGREGATE3 ||
            s == AGGREGATE3_VALUE ||
            s == TRY_AGGREGATE ||
            s == BLOCK_AGGREGATE ||
            s == TRY_BLOCK_AGGREGATE;
    }
}
