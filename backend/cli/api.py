"""Reading from a node's API, and handing texts and signed wishes to it."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Annotated, Any

import httpx
import typer

from backend.cli.command import options
from backend.cli.errors import Refused

NODE = "http://127.0.0.1:8000"
PAGE = 200


@options
class Reading:
    """What a command that only reads takes."""

    node: Annotated[
        str,
        typer.Option("--node", envvar="DUALPOWER_NODE", help="Where the node's API is.", metavar="URL"),
    ] = NODE
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False


class NodeRefused(Refused):
    """The node answered with a problem (RFC 9457); `status_code` is HTTP's."""

    def __init__(self, message: str, status_code: int, problem: dict[str, Any]) -> None:
        super().__init__(message, {"problem": problem})
        self.status_code = status_code
        self.problem = problem

    @property
    def kind(self) -> str:
        """The URN that names the kind of problem."""
        return str(self.problem.get("type", ""))


class Node:
    """A node's API."""

    def __init__(self, url: str, timeout: float = 30.0) -> None:
        self.url = url.rstrip("/")
        self._http = httpx.Client(timeout=timeout, trust_env=False)

    def __enter__(self) -> Node:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._http.close()

    def request(self, method: str, path: str, **options: Any) -> Any:
        """The answer's JSON; raises `NodeRefused` for a problem, `Refused` where no node answers."""
        return _json(self._answer(method, path, **options))

    def text(self, path: str) -> str:
        """An answer that is a text."""
        return self._answer("GET", path).text

    def _answer(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, f"{self.url}{path}", **options)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Refused(f"no node answers at {self.url} ({error or type(error).__name__})") from None
        if answer.is_success:
            return answer
        problem = _json(answer)
        if not isinstance(problem, dict):
            problem = {"title": answer.reason_phrase or "unknown problem"}
        said = ": ".join(str(problem[part]) for part in ("title", "detail") if problem.get(part))
        raise NodeRefused(f"{said} ({self.url} answered {answer.status_code})", answer.status_code, problem)

    def get(self, path: str, **filters: Any) -> dict[str, Any]:
        """The whole envelope, `data` and the `block` it is true at; filters that are None are left out."""
        found: dict[str, Any] = self.request("GET", path, params=_given(filters))
        return found

    def data(self, path: str, **filters: Any) -> Any:
        return self.get(path, **filters)["data"]

    def rows(self, path: str, limit: int, **filters: Any) -> list[Any]:
        """The first `limit` rows of a listing, from as many pages as it takes."""
        found: list[Any] = []
        for page in self.pages(path, min(PAGE, limit), **filters):
            found += page
            if len(found) >= limit:
                break
        return found[:limit]

    def pages(self, path: str, size: int = PAGE, **filters: Any) -> Iterator[list[Any]]:
        """A listing page by page."""
        cursor = None
        while True:
            page = self.get(path, limit=size, cursor=cursor, **filters)
            yield page["data"]
            cursor = page.get("next")
            if cursor is None:
                return


def _given(filters: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in filters.items() if value is not None}


def _json(answer: httpx.Response) -> Any:
    if not answer.content:
        return None
    try:
        return answer.json()
    except ValueError:
        if answer.is_success:
            raise Refused(f"{answer.url} does not answer as a node does") from None
        return None
