"""Files that only their owner may read, and that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from backend.cli.errors import Misused

_OWNER_ONLY = 0o700


def write_new(path: Path, content: str) -> None:
    """Writes a file that was not there, readable by its owner only from the first byte on.

    When this returns the file survives a loss of power. Raises `Misused` if there is one, or no place for
    one.
    """
    try:
        # A temporary file is made with mode 0600.
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=".", delete=False
        ) as out:
            try:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
                # Unlike a rename, a link never takes the place of another file.
                os.link(out.name, path)
            finally:
                os.unlink(out.name)
        _settle(path.parent)
    except FileExistsError:
        raise Misused(f"{path} is there already, and it is never overwritten") from None
    except OSError as error:
        raise Misused(f"{path} cannot be written: {error.strerror or error}") from None


def write(path: Path, content: str) -> None:
    """As `write_new`, in the place of what may be there."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=".", delete=False
        ) as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(out.name, path)
        _settle(path.parent)
    except OSError as error:
        raise Misused(f"{path} cannot be written: {error.strerror or error}") from None


def folder(path: Path) -> Path:
    """Makes a folder, and those above it, that only the owner may look into."""
    try:
        path.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
    except OSError as error:
        raise Misused(f"{path} cannot be made: {error.strerror or error}") from None
    return path


def _settle(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
