"""Compiled circuits are kept where only their owner can put them, and damaged ones are made anew."""

from __future__ import annotations

import multiprocessing
import os

import pytest
import wasmtime

from zk import _wasm
from zk._wasm import CACHE_VARIABLE, compiled, engine

ANSWER = '(module (func (export "answer") (result i32) (i32.const 42)))'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache" / "wasm"


def answer(module):
    store = wasmtime.Store(engine())
    return wasmtime.Instance(store, module, []).exports(store)["answer"](store)


def kept(folder):
    (path,) = folder.iterdir()
    return path


def refuse_to_compile(*_):
    raise AssertionError("it should have been found in the cache")


def test_a_module_is_compiled_once(folder, monkeypatch):
    assert answer(compiled(ANSWER)) == 42
    assert kept(folder).stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0
    monkeypatch.setattr(wasmtime.Module, "__init__", refuse_to_compile)
    assert answer(compiled(ANSWER)) == 42


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: os.urandom(len(data)),
    ],
    ids=["cut short", "empty", "one bit", "something else"],
)
def test_a_damaged_module_is_compiled_anew(folder, spoil):
    compiled(ANSWER)
    good = kept(folder).read_bytes()
    kept(folder).write_bytes(spoil(good))
    assert answer(compiled(ANSWER)) == 42
    assert len(kept(folder).read_bytes()) == len(good)


def test_what_another_wasmtime_compiled_is_compiled_anew(folder):
    import hashlib

    compiled(ANSWER)
    path = kept(folder)
    foreign = b"\x7fELF" + bytes(2000)
    path.write_bytes(hashlib.sha256(foreign).digest() + foreign)
    assert answer(compiled(ANSWER)) == 42
    assert foreign not in path.read_bytes()


@pytest.mark.parametrize("mode", [0o722, 0o770])
def test_a_folder_that_others_may_write_to_is_not_used(folder, mode, monkeypatch):
    compiled(ANSWER)
    folder.chmod(mode)
    before = kept(folder).read_bytes()
    monkeypatch.setattr(wasmtime.Module, "deserialize", refuse_to_compile)
    assert answer(compiled(ANSWER)) == 42
    assert kept(folder).read_bytes() == before


def test_a_file_that_others_may_write_to_is_not_run(folder, monkeypatch):
    compiled(ANSWER)
    kept(folder).chmod(0o666)
    monkeypatch.setattr(wasmtime.Module, "deserialize", refuse_to_compile)
    assert answer(compiled(ANSWER)) == 42


def test_a_file_of_another_user_is_not_run(folder, monkeypatch):
    compiled(ANSWER)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    monkeypatch.setattr(wasmtime.Module, "deserialize", refuse_to_compile)
    assert answer(compiled(ANSWER)) == 42


def test_a_link_in_place_of_the_folder_is_not_followed(folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder.parent.mkdir()
    folder.symlink_to(elsewhere)
    assert answer(compiled(ANSWER)) == 42
    assert list(elsewhere.iterdir()) == []


def test_without_a_cache_folder_modules_are_compiled_every_time(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "file" / "below"))
    assert answer(compiled(ANSWER)) == 42


def test_a_full_disk_costs_the_cache_and_not_the_module(folder, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_wasm.tempfile, "NamedTemporaryFile", full)
    assert answer(compiled(ANSWER)) == 42
    assert list(folder.iterdir()) == []


def _compile(_):
    return answer(compiled(ANSWER))


def test_processes_that_compile_at_once_leave_one_whole_file(folder):
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert pool.map(_compile, range(4)) == [42] * 4
    assert kept(folder).suffix == ".module"
    assert answer(compiled(ANSWER)) == 42
