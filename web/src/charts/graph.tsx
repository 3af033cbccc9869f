/**
 * Who follows whom, as a picture: circles as large as what they carry, arrows to whom they follow.
 *
 * One circle is in the order of the Tab key, as in a table; the arrow keys go along the arrows and around the ring.
 */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Button } from "@/parts/basics";
import { t } from "@/words";
import { layOut, type Placed } from "./layout";

export interface Node {
  id: number;
  /** What is written on it. */
  label: string;
  /** What it is, for those who do not see it. */
  words: string;
  /** How much it carries, 1 or more. */
  weight: number;
  tone?: "mine" | "lost";
}

export interface GraphProps {
  label: string;
  nodes: readonly Node[];
  /** Whom each one follows, one at most. */
  follows: ReadonlyMap<number, number>;
  /** Arrows that lead nowhere. */
  lost?: ReadonlySet<number>;
  selected: number | null;
  onSelect: (id: number) => void;
}

const WIDTH = 900;
const SMALLEST = 13;
const LARGEST = 34;
const HEAD = 6;
/** Of a label with up to three digits, pixels; longer ones are smaller, so that they stay within. */
const TYPE = 10;
const ZOOMS = [0.5, 0.7, 1, 1.4, 2, 2.8];

export function Graph(props: GraphProps) {
  const { nodes, follows, selected } = props;
  const known = useMemo(() => new Map(nodes.map((node) => [node.id, node])), [nodes]);
  const laid = useMemo(() => layOut(follows, (id) => radiusOf(known.get(id)), WIDTH), [follows, known]);
  const [zoom, setZoom] = useState(ZOOMS.indexOf(1));
  const drawing = useRef<SVGSVGElement>(null);
  const moved = useRef(false);
  const first = selected !== null && laid.nodes.has(selected) ? selected : (nodes[0]?.id ?? null);

  useEffect(() => {
    if (!moved.current || selected === null) return;
    moved.current = false;
    const element = drawing.current?.querySelector<SVGGElement>(`[data-id="${selected}"]`);
    element?.focus();
    element?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [selected]);

  const onKeyDown = (event: KeyboardEvent) => {
    const at = Number((event.target as Element).getAttribute("data-id"));
    const next = step(event.key, at, follows, laid.nodes);
    if (next === undefined) return;
    event.preventDefault();
    if (next === null) return;
    moved.current = true;
    props.onSelect(next);
  };

  const scale = ZOOMS[zoom] as number;
  return (
    <figure class="graph">
      <div class="actions">
        <Button
          class="small"
          aria-label={t("delegation.graph.smaller")}
          disabled={zoom === 0}
          onClick={() => setZoom(zoom - 1)}
        >
          −
        </Button>
        <Button
          class="small"
          aria-label={t("delegation.graph.larger")}
          disabled={zoom === ZOOMS.length - 1}
          onClick={() => setZoom(zoom + 1)}
        >
          +
        </Button>
      </div>
      <div class="scroller">
        <svg
          ref={drawing}
          role="group"
          aria-label={props.label}
          viewBox={`0 0 ${Math.ceil(laid.width)} ${Math.ceil(laid.height)}`}
          style={{ width: `calc(clamp(${0.75 * laid.width}px, 100%, ${1.25 * laid.width}px) * ${scale})` }}
          onKeyDown={onKeyDown}
        >
          <g aria-hidden="true">
            {[...follows].map(([from, to]) => (
              <Arrow
                key={from}
                from={laid.nodes.get(from) as Placed}
                to={laid.nodes.get(to) as Placed}
                lost={props.lost?.has(from) ?? false}
                lit={selected === from || selected === to}
              />
            ))}
          </g>
          {[...laid.nodes.values()].map((placed) => {
            const node = known.get(placed.id);
            if (!node) return null;
            return (
              <Circle
                key={placed.id}
                node={node}
                placed={placed}
                selected={selected === placed.id}
                reachable={first === placed.id}
                onSelect={() => props.onSelect(placed.id)}
              />
            );
          })}
        </svg>
      </div>
      <figcaption class="hint">{t("delegation.graph.keys")}</figcaption>
    </figure>
  );
}

function radiusOf(node: Node | undefined): number {
  return Math.min(LARGEST, SMALLEST + 3.2 * Math.sqrt((node?.weight ?? 1) - 1));
}

/** Where a key leads from a node; null where there is nothing, undefined for keys that lead nowhere at all. */
function step(
  key: string,
  at: number,
  follows: ReadonlyMap<number, number>,
  placed: ReadonlyMap<number, Placed>,
): number | null | undefined {
  const to = follows.get(at);
  const beside = [...placed.keys()].filter((id) => follows.get(id) === to);
  const place = beside.indexOf(at);
  switch (key) {
    case "ArrowRight":
      return to ?? null;
    case "ArrowLeft":
      return [...placed.keys()].find((id) => follows.get(id) === at) ?? null;
    case "ArrowDown":
      return beside[(place + 1) % beside.length] ?? null;
    case "ArrowUp":
      return beside[(place - 1 + beside.length) % beside.length] ?? null;
    case "Home":
      return [...placed.keys()][0] ?? null;
    default:
      return undefined;
  }
}

function Arrow(props: { from: Placed; to: Placed; lost: boolean; lit: boolean }) {
  const { from, to } = props;
  const away = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const ux = (to.x - from.x) / away;
  const uy = (to.y - from.y) / away;
  const x = to.x - ux * (to.radius + 2);
  const y = to.y - uy * (to.radius + 2);
  const head = [
    [x, y],
    [x - ux * HEAD - (uy * HEAD) / 2, y - uy * HEAD + (ux * HEAD) / 2],
    [x - ux * HEAD + (uy * HEAD) / 2, y - uy * HEAD - (ux * HEAD) / 2],
  ];
  return (
    <g class={`arrow ${props.lost ? "lost" : ""} ${props.lit ? "lit" : ""}`}>
      <line
        x1={from.x + ux * from.radius}
        y1={from.y + uy * from.radius}
        x2={x - ux * HEAD}
        y2={y - uy * HEAD}
      />
      <polygon points={head.map(([px, py]) => `${px},${py}`).join(" ")} />
    </g>
  );
}

function Circle(props: {
  node: Node;
  placed: Placed;
  selected: boolean;
  reachable: boolean;
  onSelect: () => void;
}) {
  const { node, placed } = props;
  return (
    <g
      role="button"
      data-id={node.id}
      class={`node ${node.tone ?? ""} ${props.selected ? "selected" : ""}`}
      tabindex={props.reachable ? 0 : -1}
      aria-label={node.words}
      aria-pressed={props.selected}
      transform={`translate(${placed.x} ${placed.y})`}
      onClick={props.onSelect}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        props.onSelect();
      }}
    >
      <circle r={placed.radius} />
      <text
        text-anchor="middle"
        dy="0.35em"
        aria-hidden="true"
        style={{ fontSize: `${TYPE * Math.min(1, 3 / node.label.length)}px` }}
      >
        {node.label}
      </text>
    </g>
  );
}
