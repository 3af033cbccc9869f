"""Where the delegation graph is drawn: no two members on top of each other, whatever they delegate."""

from __future__ import annotations

import json
import math
import random
import subprocess

import pytest

from tests.backend.chains import ROOT

PROGRAM = """
import { buildSync } from "esbuild";
const entryPoints = ["web/src/charts/layout.ts"];
const built = buildSync({ entryPoints, format: "esm", bundle: true, write: false });
const source = "data:text/javascript," + encodeURIComponent(built.outputFiles[0].text);
const { layOut } = await import(source);
const { follows, width } = JSON.parse(process.argv[1]);
const weights = new Map();
for (const [, to] of follows) weights.set(to, (weights.get(to) ?? 0) + 1);
const laid = layOut(new Map(follows), (id) => 11 + 3 * Math.sqrt(weights.get(id) ?? 0), width);
console.log(JSON.stringify({ ...laid, nodes: [...laid.nodes.values()] }));
"""


def laid_out(follows: dict[int, int], width: int = 900) -> dict:
    given = json.dumps({"follows": list(follows.items()), "width": width})
    command = ["node", "--input-type=module", "--eval", PROGRAM, given]
    return json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def at_random(members: int, seed: int) -> dict[int, int]:
    chance = random.Random(seed)
    popular = [chance.randrange(members) for _ in range(8)]
    pairs = ((one, chance.choice([*popular, chance.randrange(members)])) for one in range(members))
    return {one: to for one, to in pairs if one != to}


GRAPHS = {
    "nobody": {},
    "a pair": {1: 2},
    "a circle of two": {1: 2, 2: 1},
    "a circle with followers": {1: 2, 2: 3, 3: 1, 4: 1, 5: 4, 6: 4, 7: 2},
    "a chain": {one: one + 1 for one in range(1, 30)},
    "all to one": dict.fromkeys(range(2, 400), 1),
    "a great circle": {one: one % 60 + 1 for one in range(1, 61)},
    "hundreds at random": at_random(500, 1),
    "hundreds more": at_random(500, 2),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_everybody_is_drawn_once_within_the_picture_and_apart(name):
    follows = GRAPHS[name]
    laid = laid_out(follows)
    nodes = laid["nodes"]
    assert sorted(node["id"] for node in nodes) == sorted({*follows, *follows.values()})
    for node in nodes:
        assert node["radius"] <= node["x"] <= laid["width"] - node["radius"]
        assert node["radius"] <= node["y"] <= laid["height"] - node["radius"]
    for place, one in enumerate(nodes):
        for other in nodes[:place]:
            apart = math.dist((one["x"], one["y"]), (other["x"], other["y"]))
            assert apart >= one["radius"] + other["radius"], (one, other)
