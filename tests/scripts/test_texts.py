"""Texts are handed to a node by their hashes, as soon as the node knows that the chain names them."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from scripts import texts

UNKNOWN_HASH = (404, {"title": "no such hash", "type": "urn:dualpower:problem:unknown-text"})


@pytest.fixture
def node():
    """A server that answers `PUT` with the given answers in turn, the last one for ever."""
    servers = []

    def start(*answers):
        taken = []
        left = list(answers)

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self):
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                taken.append((self.path, self.headers["content-type"], body))
                status, problem = left.pop(0) if len(left) > 1 else left[0]
                self.send_response(status)
                self.end_headers()
                self.wfile.write(problem if isinstance(problem, bytes) else json.dumps(problem).encode())

            def log_message(self, *args):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}", taken

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_text_is_put_under_its_hash(node):
    url, taken = node((201, {}))
    assert texts.hand_in(url, {"0xab": "Grüße", "cd": "two"}) == 2
    plain = "text/plain; charset=utf-8"
    assert taken == [("/v1/texts/0xab", plain, "Grüße"), ("/v1/texts/0xcd", plain, "two")]


def test_a_node_that_is_some_blocks_behind_is_waited_for(node):
    url, taken = node(UNKNOWN_HASH, (503, {"title": "reading"}), (201, {}))
    assert texts.hand_in(url, {"0xab": "one"}) == 1
    assert len(taken) == 3


def test_patience_ends(node, monkeypatch):
    monkeypatch.setattr(texts, "PATIENCE", 0.3)
    url, _ = node(UNKNOWN_HASH)
    with pytest.raises(texts.TextRefused, match="0xab answered 404: no such hash"):
        texts.hand_in(url, {"0xab": "one"})


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((413, {"title": "Too large", "detail": "at most 64 kB"}), "answered 413: at most 64 kB"),
        ((500, b"<oops>"), "answered 500: <oops>"),
        ((404, {"title": "Nothing here", "type": texts.NO_SUCH_PATH}), "answered 404: Nothing here"),
    ],
)
def test_a_text_that_will_never_be_taken_is_not_offered_again(node, answer, said):
    url, taken = node(answer)
    with pytest.raises(texts.TextRefused, match=said):
        texts.hand_in(url, {"0xab": "one"})
    assert len(taken) == 1


def test_a_node_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setattr(texts, "PATIENCE", 0.3)
    with pytest.raises(texts.TextRefused, match=r"http://127.0.0.1:9 .*Connection refused"):
        texts.hand_in("http://127.0.0.1:9", {"0xab": "one"})
