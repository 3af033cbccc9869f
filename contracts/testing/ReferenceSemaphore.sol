// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {Semaphore} from "@semaphore-protocol/contracts/Semaphore.sol";
import {ISemaphoreVerifier} from "@semaphore-protocol/contracts/interfaces/ISemaphoreVerifier.sol";

/// @title Semaphore's own contract, to compare with; for tests and benchmarks only, never deployed with a commune
// solhint-disable-next-line no-empty-blocks
contract ReferenceSemaphore is Semaphore {
    constructor(ISemaphoreVerifier verifier) Semaphore(verifier) {}
}
