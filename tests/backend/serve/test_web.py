"""The members' page as a node serves it: what a browser is told about each file, and what it is refused."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import http.client
import json
import re
from dataclasses import replace

import httpx
import msgspec
import pytest

from backend.node import NodeFailed, Settings, run
from backend.serve.web import PROVER_POLICY, Page, PageIncomplete, page_files, page_policy
from tests.backend.chains import anvil, free_port
from tests.backend.processes import serving
from tools.web import PAGE, web
from zk.keys import pin

POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "script-src 'self' '{}'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self' https: http://127.0.0.1:* http://localhost:*; worker-src 'self'; "
    "manifest-src 'self'; require-trusted-types-for 'script'; trusted-types dualpower"
)


def sha(algorithm: str, content: bytes) -> str:
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, content).digest()).decode()}"


@pytest.fixture(scope="module")
def built() -> dict:
    web()
    return json.loads((PAGE / "build.json").read_text())


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("web")
    with anvil() as chain:
        (folder / "deployment.json").write_bytes(msgspec.json.encode(chain.deploy("Emitter").deployment))
        yield Settings(
            chain.url,
            folder / "deployment.json",
            folder / "node.sqlite",
            application="tests.backend.counting:application",
            port=free_port(),
            poll=0.1,
            page=PAGE,
        )


@pytest.fixture(scope="module")
def node(built, settings):
    with serving(settings) as client:
        yield client


def raw(node: httpx.Client, target: str) -> tuple[int, bytes]:
    """An answer to a path exactly as written: other clients tidy it up."""
    connection = http.client.HTTPConnection(node.base_url.host, node.base_url.port, timeout=20)
    connection.request("GET", target)
    answer = connection.getresponse()
    return answer.status, answer.read()


def missing(answer: httpx.Response, kind: str) -> dict:
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["type"] == f"urn:dualpower:problem:{kind}"
    return document


def test_the_page_may_run_its_own_scripts_and_nothing_else(node):
    answer = node.get("/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    inline = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", answer.text, re.DOTALL)
    assert len(inline) == 1
    policy = POLICY.format(sha("sha256", inline[0].encode()))
    assert (
        answer.headers["content-security-policy"]
        == policy
        == page_policy([sha("sha256", inline[0].encode())])
    )
    assert answer.headers["cache-control"] == "no-cache"
    for name, value in (
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ):
        assert answer.headers[name] == value
    assert "camera=(self)" in answer.headers["permissions-policy"]
    assert "access-control-allow-origin" not in answer.headers


def test_the_page_names_the_hash_of_everything_that_it_loads(node):
    html = node.get("/").text
    tags = re.findall(r'(?:src|href)="\./([^"]+)" integrity="([^"]+)"', html)
    assert len(tags) >= 2
    chunks = json.loads(re.search(r'<script type="importmap">(.*?)</script>', html)[1])["integrity"]
    for path, named in [*tags, *chunks.items()]:
        assert sha("sha384", node.get(f"/{path.removeprefix('./')}").content) == named
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)


def test_each_file_is_what_the_build_made_in_every_encoding(node, built):
    types = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "html": "text/html"}
    for name, recorded in built["files"].items():
        for asked, size in (("br, gzip", "br"), ("gzip", "gz"), ("identity", "size")):
            answer = node.get(f"/{name}", headers={"accept-encoding": asked})
            assert answer.status_code == 200
            packed = recorded[size] is not None and size != "size"
            assert answer.headers.get("content-encoding") == (
                {"br": "br", "gz": "gzip"}[size] if packed else None
            )
            assert int(answer.headers["content-length"]) == (recorded[size] or recorded["size"])
            assert answer.headers["vary"] == "accept-encoding"
            assert answer.headers["x-content-type-options"] == "nosniff"
            if not packed or size == "gz":
                assert sha("sha384", answer.content) == recorded["sha384"]
        kept = "public, max-age=31536000, immutable" if name.startswith("assets/") else "no-cache"
        assert answer.headers["cache-control"] == kept
        assert answer.headers["content-type"].startswith(types.get(name.rpartition(".")[2], ""))


def test_an_encoding_of_weight_nought_is_not_sent(node):
    answer = node.get("/", headers={"accept-encoding": "br;q=0, gzip; q=0.0"})
    assert "content-encoding" not in answer.headers
    assert answer.text.startswith("<!doctype html>")


def test_what_a_browser_has_is_not_sent_again_in_the_same_encoding(node):
    first = node.get("/", headers={"accept-encoding": "gzip"})
    plain = node.get("/", headers={"accept-encoding": "identity"})
    assert first.headers["etag"] != plain.headers["etag"]
    asked = {"accept-encoding": "gzip", "if-none-match": f'"other", W/{first.headers["etag"]}'}
    again = node.get("/", headers=asked)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]
    assert node.get("/", headers=asked | {"accept-encoding": "identity"}).status_code == 200


def test_a_head_request_is_told_the_same_without_the_page(node):
    head, got = node.head("/"), node.get("/")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-security-policy"] == got.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["/nothing", "/assets/none.js", "/assets/", "/build.json", "/assets", "/docs", "/redoc"]
)
def test_a_path_that_nothing_is_at_is_a_problem(node, path):
    missing(node.get(path), "no-such-path")


@pytest.mark.parametrize(
    "target",
    [
        "/../pyproject.toml",
        "/assets/../../pyproject.toml",
        "/assets/%2e%2e/%2e%2e/pyproject.toml",
        "/..%2f..%2fpyproject.toml",
        "/assets/..%5c..%5cpyproject.toml",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/index.html%00.js",
        "/artifacts/../package.json",
        "/artifacts/%2e%2e/package.json",
    ],
)
def test_no_path_leads_out_of_the_page(node, target):
    status, body = raw(node, target)
    assert status == 404
    assert b"urn:dualpower:problem:" in body


def test_the_api_is_as_it_was(node):
    assert node.get("/health").json() == {"alive": True}
    assert "/v1/node" in node.get("/openapi.json").json()["paths"]
    assert node.get("/v1/node").json()["data"]["chainId"] == 31337
    assert "content-security-policy" not in node.get("/v1/node").headers
    assert node.post("/").status_code == 404


@pytest.mark.parametrize("kind", ["wasm", "zkey"])
def test_proving_keys_are_the_pinned_ones(node, kind):
    answer = node.get(f"/artifacts/semaphore-2.{kind}")
    assert answer.status_code == 200
    assert hashlib.sha256(answer.content).hexdigest() == pin(2, kind).sha256
    again = node.get(f"/artifacts/semaphore-2.{kind}", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert "max-age" in again.headers["cache-control"]
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "name", ["semaphore-0.zkey", "semaphore-33.zkey", "semaphore-2.json", "semaphore-02.wasm", ""]
)
def test_there_are_no_other_artifacts(node, name):
    assert "1 to 32" in missing(node.get(f"/artifacts/{name}"), "artifact-missing")["detail"]


async def nothing_else(scope, receive, send) -> None:
    raise AssertionError(f"{scope['path']} was passed on")


def alone(folder, path: str) -> httpx.Response:
    """The answer of a page without a node behind it."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(Page(nothing_else, page_files(folder)))
        async with httpx.AsyncClient(transport=transport, base_url="http://node") as client:
            return await client.get(path)

    return asyncio.run(ask())


def made(folder, **changes):
    """A page of three files, as `./dev web` would leave it."""
    files = {"index.html": b"<!doctype html>", "assets/prover-A.js": b"0", "service.js": b"1"}
    (folder / "assets").mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    recorded = {name: {"size": len(content), "br": None, "gz": None} for name, content in files.items()}
    manifest = {"files": recorded, "prover": "assets/prover-A.js", "inlineScripts": []} | changes
    (folder / "build.json").write_text(json.dumps(manifest))
    return folder


def test_only_the_provers_worker_may_compile_web_assembly(tmp_path):
    made(tmp_path)
    policies = [alone(tmp_path, path).headers["content-security-policy"] for path in ("/", "/service.js")]
    assert alone(tmp_path, "/assets/prover-A.js").headers["content-security-policy"] == PROVER_POLICY
    assert "'wasm-unsafe-eval'" in PROVER_POLICY
    for policy in policies:
        assert "unsafe" not in policy


def test_an_altered_key_is_not_handed_out(tmp_path, monkeypatch):
    page, keys = tmp_path / "page", tmp_path / "keys"
    page.mkdir()
    keys.mkdir()
    made(page)
    monkeypatch.setenv("DUALPOWER_ZK_ARTIFACTS", str(keys))
    detail = missing(alone(page, "/artifacts/semaphore-2.zkey"), "artifact-missing")["detail"]
    assert "@zk-kit/semaphore-artifacts" in detail
    assert str(keys) not in detail
    (keys / "semaphore-2.zkey").write_bytes(b"\0" * pin(2, "zkey").size)
    detail = missing(alone(page, "/artifacts/semaphore-2.zkey"), "artifact-missing")["detail"]
    assert "not the pinned one" in detail
    assert str(keys) not in detail


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "build.json").unlink(),
        lambda folder: (folder / "build.json").write_text("{"),
        lambda folder: (folder / "build.json").write_text("[]"),
        lambda folder: (folder / "service.js").unlink(),
    ],
)
def test_half_a_page_is_not_served(tmp_path, spoil):
    made(tmp_path)
    spoil(tmp_path)
    with pytest.raises(PageIncomplete, match=re.escape(str(tmp_path))):
        page_files(tmp_path)


def test_a_node_does_not_start_with_a_page_that_is_not_there(settings, tmp_path):
    with pytest.raises(NodeFailed, match=r"\./dev web"):
        run(replace(settings, database=tmp_path / "node.sqlite", page=tmp_path / "none"))
