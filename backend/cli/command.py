"""How commands are declared: functions whose options in common are dataclasses.

A parameter annotated with a class marked `@options` stands for all of the class's fields, so that every
command that reads, or that acts, takes the same options; the function gets the filled-in object.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeVar, get_type_hints

import typer
from rich.console import Console
from rich.markup import escape

from backend.cli.errors import CliError

T = TypeVar("T")

errors = Console(stderr=True, highlight=False)


def options(cls: type[T]) -> type[T]:
    """A frozen dataclass whose fields are command-line options."""
    made = dataclass(frozen=True, kw_only=True)(cls)
    made.__is_options__ = True  # type: ignore[attr-defined]
    return made


def command(app: typer.Typer, name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Adds the function to `app`; its docstring is the help. A `CliError` ends it with the error's status."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        app.command(name)(_expanded(function))
        return function

    return register


def _expanded(function: Callable[..., None]) -> Callable[..., None]:
    """`function` as typer sees it: with the fields of its options classes as keyword parameters."""
    declared = inspect.signature(function, eval_str=True).parameters.values()
    groups = {p.name: p.annotation for p in declared if hasattr(p.annotation, "__is_options__")}
    own = [p for p in declared if p.name not in groups]
    shared = [parameter for cls in groups.values() for parameter in _parameters(cls)]

    def run(**given: Any) -> None:
        arguments = {p.name: given[p.name] for p in own}
        try:
            for name, cls in groups.items():
                arguments[name] = cls(**{field.name: given[field.name] for field in fields(cls)})
            function(**arguments)
        except CliError as error:
            _show(error, as_json=bool(given.get("as_json")))
            raise typer.Exit(error.status) from None

    parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in [*own, *shared]]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in parameters}
    run.__doc__, run.__name__ = function.__doc__, function.__name__
    return run


def _parameters(cls: type) -> list[inspect.Parameter]:
    hints = get_type_hints(cls, include_extras=True)
    return [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=parameter.default, annotation=hints[name]
        )
        for name, parameter in inspect.signature(cls).parameters.items()
    ]


def _show(error: CliError, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"error": str(error), **error.details}), file=sys.stderr)  # noqa: T201 - for machines
    else:
        label = "refused" if error.status == 1 else "error"
        errors.print(f"[bold red]{label}:[/] {escape(str(error))}", soft_wrap=True)
