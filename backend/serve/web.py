"""The members' page: its files at `/`, and what proofs are made with at `/artifacts/`.

`web/build.mjs` makes a folder of files and `build.json`, which names each. They are read once, when the node
starts, and only what `build.json` names is served: no part of a request ever becomes a path. In front of the
application and its answer cache, since answers here depend on `Accept-Encoding` and never on the chain.

The policies are strict (Content Security Policy Level 3, Trusted Types, Permissions Policy):

- scripts and styles come from this node alone, each compared with the hash that the page names; inline there
  is only the import map, which the policy names by its hash;
- the page may fetch from any https origin, and from this machine's own ports, since one field switches it to
  another node, and another asks a second node or a chain whether this one tells the truth;
- compiling WebAssembly is for the prover's worker alone: a worker's policy comes with its own script, and the
  page's has no such permission;
- strings become the addresses of scripts only through the page's one Trusted Types policy.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from backend.serve.problem import Problem
from zk import ArtifactError, Artifacts, ArtifactsMissing
from zk.keys import MAX_DEPTH, MIN_DEPTH, pin

log = logging.getLogger(__name__)

INDEX = "index.html"
SERVICE = "service.js"
MANIFEST = "build.json"

REVALIDATED = "no-cache"
IMMUTABLE = "public, max-age=31536000, immutable"
# The names of artifacts stay when a ceremony's files are replaced by another's.
A_DAY = "public, max-age=86400"

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".zkey": "application/octet-stream",
}

HARDENED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # The camera reads the QR cards of members who sign at a meeting.
    "permissions-policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}

_NOTHING_ELSE = ("default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'")
_REACHABLE = "connect-src 'self' https: http://127.0.0.1:* http://localhost:*"
_ARTIFACT = re.compile(r"/artifacts/semaphore-([1-9]\d?)\.(wasm|zkey)")


class PageIncomplete(Exception):
    """The folder does not hold a page as `./dev web` leaves it; the message says what is missing."""


@dataclass(frozen=True)
class Kept:
    """A file in the encodings that the build left of it, the preferred one first, `identity` last."""

    bodies: dict[str, bytes]
    digest: str
    headers: dict[str, str]


def page_policy(inline_scripts: list[str]) -> str:
    """The Content-Security-Policy of the page; `inline_scripts` are hashes as `sha256-...`."""
    hashes = "".join(f" '{found}'" for found in inline_scripts)
    return "; ".join(
        [
            *_NOTHING_ELSE,
            f"script-src 'self'{hashes}",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            _REACHABLE,
            "worker-src 'self'",
            "manifest-src 'self'",
            "require-trusted-types-for 'script'",
            "trusted-types dualpower",
        ]
    )


PROVER_POLICY = "; ".join([*_NOTHING_ELSE, "script-src 'self' 'wasm-unsafe-eval'", _REACHABLE])
SERVICE_POLICY = "; ".join([*_NOTHING_ELSE, "script-src 'self'", _REACHABLE])
# What is no document and no worker needs no permission at all.
OTHER_POLICY = "; ".join(_NOTHING_ELSE)


class Page:
    """ASGI in front of `app`: answers for the paths in `files` and passes everything else on."""

    def __init__(self, app: ASGIApp, files: dict[str, Kept]) -> None:
        self.app = app
        self._files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._answer(scope) if scope["type"] == "http" else None
        await (answer or self.app)(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response | None:
        if scope["method"] not in ("GET", "HEAD"):
            return None
        path: str = scope["path"]
        kept = self._files.get(path)
        if kept is not None:
            return _encoded(kept, scope)
        if path.startswith("/artifacts/"):
            return await _artifact(path, scope)
        return None


def page_files(folder: Path) -> dict[str, Kept]:
    """The page's files by the paths that they are served at; `PageIncomplete` where one is missing."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        served = {f"/{name}": _kept(folder, name, manifest) for name in manifest["files"]}
    except FileNotFoundError as error:
        raise PageIncomplete(
            f"{folder} holds no page: there is no {error.filename}; `./dev web` makes it"
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise PageIncomplete(f"{folder / MANIFEST} is not what `./dev web` writes: {error!r}") from None
    served["/"] = served[f"/{INDEX}"]
    return served


def _kept(folder: Path, name: str, manifest: dict[str, Any]) -> Kept:
    encodings = {"br": ".br", "gzip": ".gz", "identity": ""}
    recorded = manifest["files"][name]
    there = [
        encoding for encoding in encodings if encoding == "identity" or recorded[encodings[encoding][1:]]
    ]
    bodies = {encoding: (folder / f"{name}{encodings[encoding]}").read_bytes() for encoding in there}
    policies = {
        INDEX: page_policy(manifest["inlineScripts"]),
        manifest["prover"]: PROVER_POLICY,
        SERVICE: SERVICE_POLICY,
    }
    headers = {
        "content-type": MEDIA_TYPES[Path(name).suffix],
        "cache-control": IMMUTABLE if name.startswith("assets/") else REVALIDATED,
        "content-security-policy": policies.get(name, OTHER_POLICY),
        "vary": "accept-encoding",
    }
    return Kept(bodies, hashlib.sha256(bodies["identity"]).hexdigest()[:32], HARDENED | headers)


def _encoded(kept: Kept, scope: Scope) -> Response:
    accepted = _accepted(_header(scope, b"accept-encoding"))
    encoding = next(known for known in kept.bodies if known == "identity" or known in accepted)
    tag = f'"{kept.digest}"' if encoding == "identity" else f'"{kept.digest}-{encoding}"'
    headers = kept.headers | ({} if encoding == "identity" else {"content-encoding": encoding})
    return _validated(scope, tag, headers) or Response(kept.bodies[encoding], headers=headers | {"etag": tag})


async def _artifact(path: str, scope: Scope) -> Response:
    """A proving key or a circuit, compared with its pinned hash before it leaves."""
    named = _ARTIFACT.fullmatch(path)
    if named is None or not MIN_DEPTH <= int(named[1]) <= MAX_DEPTH:
        named_as = f"semaphore-<depth>.wasm and .zkey, for depths {MIN_DEPTH} to {MAX_DEPTH}"
        return _missing(path, f"artifacts are named {named_as}")
    depth, kind = int(named[1]), named[2]
    tag = f'"{pin(depth, kind).sha256}"'
    headers = HARDENED | {
        "content-type": MEDIA_TYPES[f".{kind}"],
        "cache-control": A_DAY,
        "content-security-policy": OTHER_POLICY,
        # The page may come from elsewhere than the node that it is switched to.
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
    }
    if (unchanged := _validated(scope, tag, headers)) is not None:
        return unchanged
    try:
        body = await asyncio.to_thread(lambda: Artifacts.locate().read(depth, kind))
    except ArtifactsMissing as error:
        return _missing(path, f"the npm package {error.package} is not installed beside it")
    except ArtifactError as error:
        # What is wrong with it names folders of this machine, which are nobody else's business.
        log.warning("%s is not served: %s", path, error)
        return _missing(path, "its copy of the file is missing or not the pinned one")
    return Response(body, headers=headers | {"etag": tag})


def _missing(path: str, detail: str) -> Response:
    title = "This node does not have the file that proofs are made with"
    return Problem(404, "artifact-missing", title, detail, headers=HARDENED).response(path)


def _validated(scope: Scope, tag: str, headers: dict[str, str]) -> Response | None:
    """304 if the client has this already."""
    known = [found.strip().removeprefix("W/") for found in _header(scope, b"if-none-match").split(",")]
    if tag not in known and "*" not in known:
        return None
    return Response(status_code=304, headers={**_without_content(headers), "etag": tag})


def _without_content(headers: dict[str, str]) -> dict[str, str]:
    return {
        name: value for name, value in headers.items() if name not in ("content-type", "content-encoding")
    }


def _accepted(header: str) -> set[str]:
    """The encodings that a client takes (RFC 9110, 12.5.3): those it names, unless with a weight of 0."""
    named = [part.strip().lower().partition(";") for part in header.split(",")]
    return {name.strip() for name, _, weight in named if not re.fullmatch(r"\s*q=0(\.0*)?\s*", weight)}


def _header(scope: Scope, name: bytes) -> str:
    return ",".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)
