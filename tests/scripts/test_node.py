"""A story hands a node its texts and signed ballots, as soon as the node knows what the chain says."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from scripts import node as nodes
from scripts.node import NodeRefused

UNKNOWN_HASH = (404, {"title": "no such hash", "type": "urn:dualpower:problem:not-referenced"})
DONE = (200, {"data": {"status": "Done", "reason": None, "items": [{"transaction": "0xfe"}]}})
TAKEN = (202, {"data": {"ticket": "t1"}})
OK = (201, {"data": {}})


@pytest.fixture
def node():
    """A server that gives the answers in turn, the last one for ever, and keeps what it was asked."""
    servers = []

    def start(*answers):
        asked = []
        left = list(answers)

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                body = self.rfile.read(int(self.headers["content-length"] or 0)).decode()
                asked.append((self.command, self.path, self.headers["content-type"], body))
                status, problem = left.pop(0) if len(left) > 1 else left[0]
                self.send_response(status)
                self.end_headers()
                self.wfile.write(problem if isinstance(problem, bytes) else json.dumps(problem).encode())

            do_GET = do_PUT = do_POST = answer

            def log_message(self, *args):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}", asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(nodes, "PATIENCE", 0.3)


def test_a_text_is_put_under_its_hash(node):
    url, asked = node(OK)
    assert nodes.hand_in(url, {"0xab": "Grüße", "cd": "two"}) == 2
    plain = "text/plain; charset=utf-8"
    assert asked == [("PUT", "/v1/texts/0xab", plain, "Grüße"), ("PUT", "/v1/texts/0xcd", plain, "two")]


def test_a_node_that_is_some_blocks_behind_is_waited_for(node):
    url, asked = node(UNKNOWN_HASH, (503, {"title": "reading"}), OK)
    assert nodes.hand_in(url, {"0xab": "one"}) == 1
    assert len(asked) == 3


@pytest.mark.usefixtures("impatient")
def test_patience_ends(node):
    url, _ = node(UNKNOWN_HASH)
    with pytest.raises(NodeRefused, match="0xab answered 404: no such hash"):
        nodes.hand_in(url, {"0xab": "one"})


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((413, {"title": "Too large", "detail": "at most 64 kB"}), "answered 413: at most 64 kB"),
        ((500, b"<oops>"), "answered 500: <oops>"),
        ((404, {"title": "Nothing here", "type": "urn:dualpower:problem:no-such-path"}), "404: Nothing here"),
        ((422, {"title": "Another hash", "type": "urn:dualpower:problem:hash-mismatch"}), "Another hash"),
    ],
)
def test_a_text_that_will_never_be_taken_is_not_offered_again(node, answer, said):
    url, asked = node(answer)
    with pytest.raises(NodeRefused, match=said):
        nodes.hand_in(url, {"0xab": "one"})
    assert len(asked) == 1


@pytest.mark.usefixtures("impatient")
def test_a_node_that_does_not_answer_is_named():
    with pytest.raises(NodeRefused, match=r"http://127.0.0.1:9/.*Connection refused"):
        nodes.hand_in("http://127.0.0.1:9", {"0xab": "one"})


@pytest.mark.parametrize("enabled", [True, False])
def test_a_node_says_whether_it_pays_for_members(node, enabled):
    url, _ = node((200, {"data": {"enabled": enabled}}))
    assert nodes.relays(url) is enabled


def test_ballots_are_posted_and_waited_for(node):
    waiting = (200, {"data": {"status": "Waiting", "reason": None, "items": []}})
    url, asked = node((422, {"title": "Nothing was taken"}), TAKEN, waiting, DONE)
    assert nodes.relay_ballots(url, [{"memberId": 7}]) == "0xfe"
    assert [(method, path) for method, path, _, _ in asked] == [
        ("POST", "/v1/relay/ballots"),
        ("POST", "/v1/relay/ballots"),
        ("GET", "/v1/relay/t1"),
        ("GET", "/v1/relay/t1"),
    ]
    assert json.loads(asked[1][3]) == [{"memberId": 7}]


def test_secret_ballots_are_handed_in_one_by_one(node):
    tickets = [(202, {"data": {"ticket": f"t{number}"}}) for number in range(3)]
    done = [
        (200, {"data": {"status": "Done", "reason": None, "items": [{"transaction": transaction}]}})
        for transaction in ("0xfe", "0xff", "0xff")
    ]
    url, asked = node(*tickets, *done)
    ballots = [{"pollId": 1, "ballot": str(word)} for word in range(3)]
    assert nodes.relay_secret_ballots(url, ballots) == ["0xfe", "0xff"]
    posted = [(path, json.loads(body)) for method, path, _, body in asked if method == "POST"]
    assert posted == [("/v1/relay/secret-ballots", ballot) for ballot in ballots]
    assert [path for method, path, _, _ in asked if method == "GET"] == [
        f"/v1/relay/t{number}" for number in range(3)
    ]


def test_ballots_that_were_not_all_cast_are_an_error(node):
    partly = (200, {"data": {"status": "Partly", "reason": "assembly already voted", "items": []}})
    url, _ = node(TAKEN, partly)
    with pytest.raises(NodeRefused, match="Partly: assembly already voted"):
        nodes.relay_ballots(url, [{"memberId": 7}])


def test_a_node_without_a_relay_is_not_asked_twice(node):
    url, asked = node((503, {"title": "This node does not relay", "type": "urn:dualpower:problem:no-relay"}))
    with pytest.raises(NodeRefused, match="does not relay"):
        nodes.relay_ballots(url, [{"memberId": 7}])
    assert len(asked) == 1
