"""The member's guide names every command, and only commands and options that there are."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from backend.cli import app

GUIDES = Path(__file__).resolve().parent.parent.parent / "docs" / "guide"
COMMAND_LINE = re.compile(r"^\$ (?:\S*/)?(dualpower(?: .*)?)$", re.MULTILINE)


def documented():
    return [
        pytest.param(line, id=f"{path.stem}: {line}")
        for path in sorted(GUIDES.glob("*.md"))
        for line in COMMAND_LINE.findall(path.read_text(encoding="utf-8"))
    ]


def resolved(words):
    """The command that the words name, its name, and the words left for it."""
    command, name = typer.main.get_command(app), []
    while words and hasattr(command, "commands") and not words[0].startswith("-"):
        assert words[0] in command.commands, f"there is no `{' '.join([*name, words[0]])}`"
        command, name, words = command.commands[words[0]], [*name, words[0]], words[1:]
    return command, " ".join(name), words


def leaves(command, name=()):
    if not hasattr(command, "commands"):
        return [" ".join(name)]
    return [leaf for word, inner in command.commands.items() for leaf in leaves(inner, (*name, word))]


@pytest.mark.parametrize("line", documented())
def test_a_documented_command_is_taken_as_it_is_written(line):
    command, _, words = resolved(shlex.split(line)[1:])
    if words == ["--help"]:
        return
    assert not hasattr(command, "commands"), f"`{line}` names a group, not a command"
    # Parsing checks options, choices and numbers; files need not be there.
    words = [word.replace("...", "") if word.startswith("0x") else word for word in words]
    command.make_context(line, words, resilient_parsing=False)


def test_the_members_guide_shows_every_command():
    guide = (GUIDES / "member.md").read_text(encoding="utf-8")
    shown = {resolved(shlex.split(line)[1:])[1] for line in COMMAND_LINE.findall(guide)}
    inline = set(re.findall(r"`dualpower ([a-z -]+?)(?: --[a-z]+)?`", guide))
    # Running a node, copying it, or running a keeper, is the steward's.
    stewards = {"node run", "node backup", "keeper"}
    assert set(leaves(typer.main.get_command(app))) - shown - inline == stewards
