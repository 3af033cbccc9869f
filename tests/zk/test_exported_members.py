"""`zk.__all__` is what the package offers: all of it, and nothing that only passes through."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import zk
from zk import errors

PACKAGE = Path(zk.__file__).parent


def test_all_is_what_the_package_imports_by_name():
    tree = ast.parse((PACKAGE / "__init__.py").read_text())
    imported = [alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names]
    assert sorted(zk.__all__) == sorted(imported)


def test_every_name_exists_and_is_documented():
    for name in zk.__all__:
        member = getattr(zk, name)
        assert member.__doc__ or issubclass(member, zk.ZkError), name


def test_every_error_is_exported_and_stands_in_the_tree():
    classes = {name: value for name, value in vars(errors).items() if isinstance(value, type)}
    assert set(classes) <= set(zk.__all__)
    assert all(issubclass(error, zk.ZkError) for error in classes.values())
    assert errors.__doc__
    lines = [line for line in errors.__doc__.splitlines() if line.strip() and line.strip() != "::"]
    assert {line.lstrip("│├└─ ").split()[0] for line in lines} == set(classes)


def test_the_package_imports_nothing_else_of_this_project():
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [n for n in names if n.split(".")[0] in {"backend", "tools", "scripts", "benchmarks"}]


def test_importing_the_package_loads_no_native_code_and_derives_nothing():
    code = (
        "import sys, zk; from zk import _poseidon;"
        "assert _poseidon.parameters.cache_info().currsize == 0;"
        "print(*[name for name in ('gmpy2', 'light_poseidon_python', 'zksnake', 'py_ecc', 'wasmtime')"
        " if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True)
    assert (run.returncode, run.stdout.strip()) == (0, ""), run.stderr
