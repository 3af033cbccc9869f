// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {SemaphoreVerifier} from "@semaphore-protocol/contracts/base/SemaphoreVerifier.sol";

/// @title Verifier: checks a Semaphore proof against the ceremony's key of its depth, 1 to 32
/// @dev The Semaphore package's own contract; nothing is added, so that its code is compiled, measured and deployed
/// with ours.
// solhint-disable-next-line no-empty-blocks
contract Verifier is SemaphoreVerifier {}
