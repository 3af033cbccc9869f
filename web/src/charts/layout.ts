/**
 * Where to draw who follows whom, each naming one other at most: trees around those who name nobody, and around
 * cycles.
 *
 * Every group is drawn in rings around its middle. Somebody's followers share out the angle that they have by how many
 * leaves each brings along; a ring is as wide as its members need. The groups are then laid in rows, the largest first.
 */
export interface Placed {
  id: number;
  x: number;
  y: number;
  /** Pixels. */
  radius: number;
}

export interface Laid {
  width: number;
  height: number;
  nodes: Map<number, Placed>;
}

interface Group {
  /** From 0, 0 on. */
  nodes: Placed[];
  width: number;
  height: number;
}

const RING = 58;
/** Room that a node takes on its ring, beside its own size. */
const ROOM = 10;
/** Between the members of a cycle, so that its arrows can be seen. */
const WAY = 34;
const MARGIN = 14;

/** `follows` names whom each one follows, `sizeOf` gives radii in pixels, `width` is what the drawing should keep to. */
export function layOut(
  follows: ReadonlyMap<number, number>,
  sizeOf: (id: number) => number,
  width: number,
): Laid {
  const followers = new Map<number, number[]>();
  const all = new Set<number>();
  for (const [from, to] of follows) {
    all.add(from).add(to);
    followers.set(to, [...(followers.get(to) ?? []), from]);
  }
  const groups = middlesOf(follows, all).map((middle) => groupAround(middle, followers, sizeOf));
  return inRows(
    groups.sort((a, b) => b.height - a.height),
    width,
  );
}

/** What the groups are around: one who follows nobody, or the members of a cycle in their order. */
function middlesOf(follows: ReadonlyMap<number, number>, all: ReadonlySet<number>): number[][] {
  const middles: number[][] = [];
  const known = new Set<number>();
  for (const start of all) {
    const way: number[] = [];
    let at: number | undefined = start;
    while (at !== undefined && !known.has(at)) {
      known.add(at);
      way.push(at);
      at = follows.get(at);
    }
    const again = at === undefined ? -1 : way.indexOf(at);
    if (again >= 0) middles.push(way.slice(again));
    else if (at === undefined) middles.push([way[way.length - 1] as number]);
  }
  return middles;
}

function groupAround(
  middle: readonly number[],
  followers: ReadonlyMap<number, number[]>,
  sizeOf: (id: number) => number,
): Group {
  const within = new Set(middle);
  const childrenOf = (id: number) => (followers.get(id) ?? []).filter((one) => !within.has(one));
  const leaves = new Map<number, number>();
  const rings: number[][] = [];
  const collect = (id: number, ring: number): number => {
    (rings[ring] ??= []).push(id);
    const sum = childrenOf(id).reduce((total, child) => total + collect(child, ring + 1), 0);
    leaves.set(id, Math.max(1, sum));
    return Math.max(1, sum);
  };
  for (const id of middle) collect(id, 0);
  const radii = radiiOf(rings, leaves, sizeOf, middle.length);

  const nodes: Placed[] = [];
  const place = (id: number, ring: number, from: number, to: number) => {
    const angle = (from + to) / 2;
    const away = radii[ring] as number;
    nodes.push({ id, x: Math.cos(angle) * away, y: Math.sin(angle) * away, radius: sizeOf(id) });
    share(childrenOf(id), ring + 1, from, to);
  };
  const share = (ids: readonly number[], ring: number, from: number, to: number) => {
    const total = ids.reduce((sum, id) => sum + (leaves.get(id) as number), 0);
    let at = from;
    for (const id of ids) {
      const part = ((to - from) * (leaves.get(id) as number)) / total;
      place(id, ring, at, at + part);
      at += part;
    }
  };
  share(middle, 0, -Math.PI / 2, 1.5 * Math.PI);
  return boxed(nodes);
}

function boxed(nodes: readonly Placed[]): Group {
  const left = Math.min(...nodes.map((node) => node.x - node.radius)) - MARGIN;
  const top = Math.min(...nodes.map((node) => node.y - node.radius)) - MARGIN;
  return {
    nodes: nodes.map((node) => ({ ...node, x: node.x - left, y: node.y - top })),
    width: Math.max(...nodes.map((node) => node.x + node.radius)) + MARGIN - left,
    height: Math.max(...nodes.map((node) => node.y + node.radius)) + MARGIN - top,
  };
}

/** The rings' radii: each far enough from the one within, and wide enough for the narrowest place on it. */
function radiiOf(
  rings: readonly number[][],
  leaves: ReadonlyMap<number, number>,
  sizeOf: (id: number) => number,
  around: number,
): number[] {
  const total = (rings[0] as number[]).reduce((sum, id) => sum + (leaves.get(id) as number), 0);
  const radii: number[] = [];
  for (const [ring, ids] of rings.entries()) {
    const largest = Math.max(...ids.map(sizeOf));
    const before = ring === 0 ? 0 : (radii[ring - 1] as number);
    const inner = ring === 0 ? 0 : Math.max(...(rings[ring - 1] as number[]).map(sizeOf));
    const room = ring === 0 ? WAY : ROOM;
    const wanted = ids.map(
      (id) => ((2 * sizeOf(id) + room) * total) / (2 * Math.PI * (leaves.get(id) as number)),
    );
    const apart = ring === 0 ? 0 : Math.max(before + inner + largest + ROOM, before + RING);
    radii.push(ring === 0 && around === 1 ? 0 : Math.max(apart, ...wanted));
  }
  return radii;
}

function inRows(groups: readonly Group[], width: number): Laid {
  const widest = Math.max(width, ...groups.map((group) => group.width));
  const nodes = new Map<number, Placed>();
  let x = 0;
  let y = 0;
  let tall = 0;
  let used = 0;
  for (const group of groups) {
    if (x > 0 && x + group.width > widest) {
      x = 0;
      y += tall;
      tall = 0;
    }
    for (const node of group.nodes) nodes.set(node.id, { ...node, x: x + node.x, y: y + node.y });
    x += group.width;
    used = Math.max(used, x);
    tall = Math.max(tall, group.height);
  }
  return { width: used, height: y + tall, nodes };
}
