"""Proofs of membership, and the group they are of, against Semaphore's own JavaScript on the same inputs.

Both sides take turns, so that whatever else the machine does falls on both; figures are medians. Proving is
timed by the clock, as both sides spread it over processors. Verifying and hashing keep one processor busy and
are counted in processors' time, which other work on the machine disturbs less. `fresh` is a whole process,
from start to end, that makes one proof and has made none before; the compiled circuit is in the cache by
then, as it is from a machine's second proof on (`empty_cache` is the first). A batch holds eight different
proofs, several times each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import Any, NamedTuple

from benchmarks._javascript import JavaScript, fresh_javascript, javascript
from benchmarks._results import ROOT, Row, publish
from zk import Artifacts, Claim, Group, Identity, Proof, Verified, prove, verify, verify_batch

DEPTH = 20
MEMBERS = 100_000
APPENDED = 500
RUNS = 7
LIMITS = {
    "prove.d20": ("ratio", 0.5),
    "prove.d20.fresh": ("ratio", 0.7),
    "prove.d20.memory": ("ratio", 1.0),
    "verify.pyecc": ("value", 500.0),
    "verify.pyecc.batch32": ("value", 130.0),
    "verify.native": ("value", 3.0),
    "verify.native.batch64": ("value", 1.0),
    "group.build100k": ("value", 5000.0),
    "group.build100k.share": ("value", 0.3),
    "group.append": ("value", 5.0),
}
PROVE = """
import json, resource, sys
from zk import Group, Identity, prove
request = json.loads(sys.argv[1])
identity, group = Identity.from_export(request["key"]), Group(map(int, request["leaves"]))
proof = prove(identity, group, int(request["message"]), int(request["scope"]), request["depth"])
print(json.dumps({"proof": proof.to_json(), "rss_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))
"""

ALICE = Identity(b"alice")
GROUP = Group([*range(1, 10), ALICE.commitment])
STATEMENT = {
    "key": ALICE.export(),
    "leaves": [str(leaf) for leaf in GROUP.leaves],
    "message": "42",
    "scope": "43",
    "depth": DEPTH,
    "artifacts": str(Artifacts.locate().folder),
}


class Fresh(NamedTuple):
    """What a process that made one proof took: from start to end, and memory at its most."""

    ms: float
    rss_mb: float


def proving(other: JavaScript) -> list[Row]:
    ours, theirs = [], []
    for run in range(RUNS + 1):
        elapsed = _timed(lambda: prove(ALICE, GROUP, 42, 43, DEPTH))
        answer = other.ask("prove", **STATEMENT)
        if run:
            ours.append(elapsed)
            theirs.append(answer.ms)
    with tempfile.TemporaryDirectory() as cache:
        os.environ["DUALPOWER_CACHE"] = cache
        empty = _fresh()
        our_fresh, their_fresh = [], []
        for _ in range(RUNS):
            our_fresh.append(_fresh())
            their_fresh.append(fresh_javascript("prove", **STATEMENT))
        del os.environ["DUALPOWER_CACHE"]
    reference = "generateProof"
    theirs_from_start = median(answer.ms for answer in their_fresh)
    memory = median(answer.rss_mb for answer in our_fresh), median(answer.rss_mb for answer in their_fresh)
    return [
        Row("prove.d20", median(ours), "ms", reference, median(theirs)),
        Row("prove.d20.fresh", median(fresh.ms for fresh in our_fresh), "ms", reference, theirs_from_start),
        Row("prove.d20.empty_cache", empty.ms, "ms", reference, theirs_from_start),
        Row("prove.d20.memory", memory[0], "MB", reference, memory[1]),
    ]


def _fresh() -> Fresh:
    command = [sys.executable, "-c", PROVE, json.dumps(STATEMENT)]
    started = time.perf_counter()
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    ms = 1000 * (time.perf_counter() - started)
    return Fresh(ms, json.loads(run.stdout)["rss_kb"] / 1024)


def verifying(other: JavaScript) -> list[Row]:
    proofs = [prove(ALICE, GROUP, message, 43, DEPTH) for message in range(8)]
    # The first of each is not counted: it sets up what the others find.
    answers = [other.ask("verify", proof=proof.to_json()) for proof in [*proofs[:1], *proofs]]
    if not all(answer.result for answer in answers):
        sys.exit("the JavaScript refuses our proofs")
    snarkjs = median(answer.cpu_ms for answer in answers[1:])
    rows = []
    for name, backend, size in (("pyecc", "reference", 32), ("native", "native", 64)):
        single = [_computed(partial(_verify, proof, backend)) for proof in [*proofs[:1], *proofs]]
        claims = [_claim(proof) for proof in proofs] * (size // len(proofs))
        batches = [_computed(partial(_verify_all, claims, backend)) / size for _ in range(3)]
        rows.append(Row(f"verify.{name}", median(single[1:]), "CPU ms", "verifyProof", snarkjs))
        rows.append(Row(f"verify.{name}.batch{size}", median(batches), "CPU ms each", "verifyProof", snarkjs))
    return rows


def _claim(proof: Proof) -> Claim:
    return Claim(proof, [GROUP.root], 43, proof.message, [DEPTH])


def _verify(proof: Proof, backend: str) -> None:
    verify(proof, roots=[GROUP.root], scope=43, message=proof.message, depths=[DEPTH], backend=backend)


def _verify_all(claims: Sequence[Claim], backend: str) -> None:
    if not all(isinstance(verdict, Verified) for verdict in verify_batch(claims, backend=backend)):
        sys.exit(f"{backend} refuses good proofs")


def grouping(other: JavaScript) -> list[Row]:
    leaves = [pow(7, n, 1 << 253) for n in range(1, MEMBERS + 1)]
    built: list[Group] = []
    times = [_computed(lambda: built.append(Group(leaves))) for _ in range(3)]
    theirs = other.ask("build", leaves=[str(leaf) for leaf in leaves])
    group = built[-1]
    if theirs.result != str(group.root):
        sys.exit("the two groups have different roots")
    appends = [_computed(partial(group.append, n)) for n in range(1, APPENDED + 1)]
    their_appends = other.ask("append", count=APPENDED)
    if their_appends.result != str(group.root):
        sys.exit("the two groups have different roots after appending")
    build = median(times)
    return [
        Row("group.build100k", build, "CPU ms", "new Group", theirs.cpu_ms),
        Row("group.build100k.share", build / theirs.cpu_ms, "of new Group's time"),
        Row("group.append", median(appends), "CPU ms", "addMember, mean", their_appends.cpu_ms / APPENDED),
    ]


def _timed(work: Callable[[], Any]) -> float:
    """Milliseconds by the clock."""
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def _computed(work: Callable[[], Any]) -> float:
    """Milliseconds of processors' time."""
    started = time.process_time_ns()
    work()
    return (time.process_time_ns() - started) / 1e6


def main() -> None:
    with javascript() as other:
        rows = [*proving(other), *verifying(other), *grouping(other)]
    publish("zk", rows, LIMITS)


if __name__ == "__main__":
    main()
