"""/v1/zk/verify: proofs for purposes that the node knows, and a name for each check that fails."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.proofs import Verifier, VerifierBusy, VerifierFailed
from backend.proofs.verifier import check_all
from backend.serve.view import Envelope
from backend.serve.zk import VerifiedModel
from tests.backend.polling import ballot, identity, prove
from zk import Claim, Group, Message, Scope

R = 21888242871839275222246405745257275088548364400416034343698204186575808495617
WORD = ballot(3, 4)


@pytest.fixture(scope="module")
def poll(listed):
    made = listed.polling.open(secret=True)
    listed.caught_up()
    return made


@pytest.fixture(scope="module")
def good(listed, poll):
    """A proof of person 1 for a ballot, as JSON."""
    return listed.polling.proved(poll, 1, WORD).to_json()


def claim(poll: int, proof: dict, **changes) -> dict:
    return {"purpose": "poll", "pollId": poll, "ballot": str(WORD), "proof": proof} | changes


def refused(answer, status: int, kind: str) -> dict:
    document = answer.json()
    assert (answer.status_code, document["type"]) == (status, f"urn:dualpower:problem:{kind}"), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return document


def test_a_good_proof_is_told_with_what_it_proves(listed, poll, good):
    answer = listed.client.post("/v1/zk/verify", json=claim(poll, good))
    assert answer.status_code == 200, answer.text
    Envelope[VerifiedModel].model_validate(answer.json())
    shown = answer.json()["data"]
    scope = listed.polling.scope(poll)
    assert shown["scope"] == str(scope.value) == str(listed.commune.call("polls", "scopeOf", poll))
    assert shown["message"] == str(listed.commune.call("polls", "messageOf", poll, WORD))
    assert shown["nullifier"] == str(identity(1).nullifier(scope))
    assert answer.headers["cache-control"] == "no-store"


def test_each_check_that_fails_has_a_name(listed, poll, good):
    for kind, proof in (
        ("other-scope", good | {"scope": "5"}),
        ("other-message", good | {"message": "5"}),
        ("root-zero", good | {"merkleTreeRoot": "0"}),
        ("root-refused", good | {"merkleTreeRoot": "5"}),
        ("depth-refused", good | {"merkleTreeDepth": 5}),
        ("depth-unknown", good | {"merkleTreeDepth": 33}),
        ("signal-out-of-range", good | {"nullifier": str(int(good["nullifier"]) + R)}),
        ("coordinate-out-of-range", good | {"points": [str(2**255), *good["points"][1:]]}),
        ("point-at-infinity", good | {"points": ["0", "0", *good["points"][2:]]}),
        ("point-off-curve", good | {"points": ["1", "1", *good["points"][2:]]}),
        ("pairing-failed", good | {"nullifier": "5"}),
    ):
        document = refused(listed.client.post("/v1/zk/verify", json=claim(poll, proof)), 422, kind)
        assert document["detail"]
        assert document["check"].lower() == kind.replace("-", "")
    changed = claim(poll, good, ballot=str(ballot(4, 3)))
    refused(listed.client.post("/v1/zk/verify", json=changed), 422, "other-message")


def test_a_scope_or_a_root_of_the_callers_is_not_taken(listed, poll):
    """A proof that is good in itself, for a group and a purpose that its maker chose."""
    own = Scope.of_poll(31337, int(listed.commune.addresses["polls"], 16), poll)
    alone = prove(99, [identity(99).commitment, 5], 4, Message.of_ballot(own, WORD))
    refused(listed.client.post("/v1/zk/verify", json=claim(poll, alone.to_json())), 422, "root-refused")
    elsewhere = Scope.of_poll(31337, 5, poll)
    leaves = listed.polling.leaves
    foreign = prove(1, leaves, 4, Message.of_ballot(elsewhere, WORD))
    refused(listed.client.post("/v1/zk/verify", json=claim(poll, foreign.to_json())), 422, "other-scope")
    with_scope = claim(poll, foreign.to_json(), scope=str(elsewhere.value))
    refused(listed.client.post("/v1/zk/verify", json=with_scope), 422, "malformed")


def test_purposes_that_nothing_can_be_proved_for(listed, poll, good):
    named = listed.polling.open()
    listed.caught_up()
    post = listed.client.post
    refused(post("/v1/zk/verify", json=claim(77, good)), 404, "unknown-poll")
    refused(post("/v1/zk/verify", json=claim(named, good)), 409, "poll-not-secret")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"null", 422),
        (b"[]", 422),
        (b'{"purpose": "poll"}', 422),
        (b'{"purpose": ["poll"]}', 422),
        (b'{"purpose": "anything", "proof": {}}', 422),
        (b'{"purpose": "poll", "pollId": 1, "ballot": "1", "proof": []}', 422),
        (b'{"purpose": "poll", "pollId": 1, "ballot": "1", "proof": {"points": 1}}', 422),
        (b'{"purpose": "poll", "pollId": -1, "ballot": "1", "proof": {}}', 422),
        (b'{"purpose": "sign-in", "challenge": "0x12", "proof": {}}', 422),
        (b"[" * 9_000 + b"]" * 7_000, 400),
        (b"x" * 16_385, 413),
    ],
)
def test_bodies_that_hold_no_claim_are_refused(listed, body, status):
    answer = listed.client.post("/v1/zk/verify", content=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**64), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(["", "0", "-1", "00", "0x0", "1e9", str(2**256), str(R), "9" * 78, "9" * 5_000, "٣"]),
    st.lists(st.sampled_from(["0", "1", 1, None]), max_size=9),
    st.dictionaries(st.text(max_size=3), st.integers(0, 9), max_size=2),
)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_body_whatever_makes_the_node_fail(listed, poll, good, data):
    proof = dict(good)
    for name in data.draw(st.sets(st.sampled_from(sorted(proof)), max_size=2)):
        proof[name] = data.draw(ODD)
    if data.draw(st.booleans()):
        place = data.draw(st.integers(0, 7))
        proof["points"] = [data.draw(ODD) if at == place else word for at, word in enumerate(good["points"])]
    body = claim(poll, proof)
    for name in data.draw(st.sets(st.sampled_from(sorted(body)), max_size=2)):
        body[name] = data.draw(ODD)
    secret = {name: value for name, value in body.items() if name != "purpose"}
    sign_in = {"challenge": data.draw(ODD), "proof": body["proof"]}
    for path, given_body in (("zk/verify", body), ("relay/secret-ballots", secret), ("session", sign_in)):
        answer = listed.client.post(f"/v1/{path}", json=given_body)
        assert answer.status_code in (200, 202, 400, 404, 409, 422, 429), (path, given_body, answer.text)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"


def test_the_openapi_document_stands_by_itself(listed):
    """Bodies are described where they are asked for, with an example of every field."""
    document = listed.client.get("/openapi.json").json()
    assert "#/$defs" not in str(document)
    for path in ("/zk/verify", "/session", "/relay/secret-ballots", "/relay/reveals"):
        content = document["paths"][f"/v1{path}"]["post"]["requestBody"]["content"]["application/json"]
        bodies = content["schema"].get("oneOf", [content["schema"]])
        for body in bodies:
            assert set(body["required"]) == set(body["properties"])
            if proof := body["properties"].get("proof"):
                assert all(field["examples"] for field in proof["properties"].values())


# ------------------------------------------------------------------ the process that checks


@pytest.fixture(scope="module")
def claims():
    """Five good ones, and one for another message, in a group of three."""
    group = Group(identity(number).commitment for number in (1, 2, 3))
    scope = Scope.of_poll(1, 2, 3)
    made = []
    for word in range(6):
        message = Message.of_ballot(scope, word)
        proof = prove(1, group.leaves, 2, message)
        said = Message.of_ballot(scope, 99) if word == 4 else message
        made.append(Claim(proof, (group.root,), scope.value, said.value, (2,)))
    return made


def test_those_that_wait_are_checked_together_and_each_gets_its_own_answer(claims):
    async def work():
        verifier = Verifier()
        running = asyncio.create_task(verifier.run())
        outcomes = await asyncio.gather(*(verifier.check(claim) for claim in claims))
        running.cancel()
        await verifier.close()
        return outcomes

    outcomes = asyncio.run(work())
    assert [outcome.refusal for outcome in outcomes] == [None] * 4 + ["OtherMessage", None]


def test_who_comes_when_the_queue_is_full_is_told_so(claims, monkeypatch):
    monkeypatch.setattr(Verifier, "WAITING", 2)

    async def work():
        verifier = Verifier()
        waiting = [asyncio.create_task(verifier.check(claims[0])) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(VerifierBusy):
            await verifier.check(claims[0])
        for task in waiting:
            task.cancel()

    asyncio.run(work())


def test_a_process_that_dies_takes_nothing_along_but_what_killed_it(claims, monkeypatch):
    import os

    async def work():
        verifier = Verifier()
        running = asyncio.create_task(verifier.run())
        assert (await verifier.check(claims[0])).refusal is None
        (process,) = verifier._pool._processes.values()
        os.kill(process.pid, 9)
        first = await asyncio.gather(verifier.check(claims[1]), return_exceptions=True)
        second = await verifier.check(claims[2])
        running.cancel()
        await verifier.close()
        return first[0], second

    first, second = asyncio.run(work())
    assert isinstance(first, VerifierFailed) or first.refusal is None
    assert second.refusal is None


def test_a_backend_that_breaks_off_is_not_asked_again(claims, monkeypatch):
    import zk.verify as module
    from backend.proofs import verifier as checker
    from zk import BackendFailed, verify_batch

    def broken(given, *, backend=None):
        if backend is None:
            raise BackendFailed("native", "panicked")
        return verify_batch(given, backend=backend)

    assert module is not None
    monkeypatch.setattr(checker, "verify_batch", broken)
    assert [outcome.refusal for outcome in check_all(claims[3:5])] == [None, "OtherMessage"]
