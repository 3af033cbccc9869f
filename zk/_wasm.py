"""WebAssembly modules compiled to machine code, once a machine and release of wasmtime.

Compiling a circuit takes a second, which is longer than a proof. The result is kept in the user's cache
folder ($DUALPOWER_CACHE, else `dualpower` in $XDG_CACHE_HOME or ~/.cache), named by the hash of what it was
compiled from. It is machine code and will be run, so a file counts only if it and its folder belong to this
user and nobody else may write there, and if it begins with the hash of the rest: that tells a damaged file,
which is compiled anew. Where there is no such folder, modules are compiled every time.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import platform
import stat
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

import wasmtime

CACHE_VARIABLE = "DUALPOWER_CACHE"
_FOREIGN_WRITE = stat.S_IWGRP | stat.S_IWOTH


@cache
def engine() -> wasmtime.Engine:
    config = wasmtime.Config()
    config.wasm_wide_arithmetic = True
    return wasmtime.Engine(config)


# wasmtime's objects complain if they outlive its module.
atexit.register(engine.cache_clear)


def compiled(code: bytes | str) -> wasmtime.Module:
    """The module of a binary, or of text."""
    data = code.encode() if isinstance(code, str) else code
    kept = _path(data)
    if kept and (machine_code := _read(kept)) is not None:
        try:
            return wasmtime.Module.deserialize(engine(), machine_code)
        except wasmtime.WasmtimeError:
            # Another build of wasmtime under the same version number, or another processor.
            kept.unlink(missing_ok=True)
    module = wasmtime.Module(engine(), code)
    if kept:
        _write(kept, bytes(module.serialize()))
    return module


def _path(code: bytes) -> Path | None:
    """Where the module of `code` is kept; None if there is no folder that only this user writes to."""
    named = os.environ.get(CACHE_VARIABLE)
    base = (
        Path(named)
        if named
        else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dualpower"
    )
    folder = base / "wasm"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_ours(folder.lstat()):
            return None
    except OSError:
        return None
    source = hashlib.sha256(code).hexdigest()
    return folder / f"{source}-{version('wasmtime')}-{platform.machine()}.module"


def _is_ours(status: os.stat_result) -> bool:
    kind = stat.S_ISDIR(status.st_mode) or stat.S_ISREG(status.st_mode)
    return kind and status.st_uid == os.geteuid() and not status.st_mode & _FOREIGN_WRITE


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            if not _is_ours(os.fstat(file.fileno())):
                return None
            digest, machine_code = file.read(32), file.read()
    except OSError:
        return None
    return machine_code if hashlib.sha256(machine_code).digest() == digest else None


def _write(path: Path, machine_code: bytes) -> None:
    """All of it under its name, or nothing: another process may be writing the same file."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            try:
                file.write(hashlib.sha256(machine_code).digest() + machine_code)
                file.close()
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError:
        return
