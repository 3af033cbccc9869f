/**
 * Where something comes from and where it goes: bands between what is on the left, the middle and the right, each as
 * thick as its amount.
 *
 * Names and amounts are written beside the bands, and the bands of one side differ in colour only to be told apart
 * where they cross.
 */
import { useWidth } from "./width";

export interface Part {
  name: string;
  /** Written beside it. */
  figure: string;
  /** In any unit, the same for all. */
  amount: number;
}

const BAR = 10;
const LABEL = 34;
const THINNEST = 3;
const THICKNESS = 150;
const COLOURS = 6;

export function Flow(props: { label: string; from: Part[]; to: Part[]; middle: string }) {
  const [element, width] = useWidth<HTMLDivElement>();
  const sum = (parts: Part[]) => parts.reduce((total, part) => total + part.amount, 0);
  const whole = Math.max(sum(props.from), sum(props.to), 1e-12);
  const left = laid(props.from, whole);
  const right = laid(props.to, whole);
  const height = Math.max(left.height, right.height, THICKNESS / 2) + 8;
  const middle = Math.round(width / 2);
  const tall = Math.max(left.thick, right.thick, THINNEST);
  const top = Math.max(LABEL, (height - tall) / 2);
  const total = Math.max(height, top + tall + 8);
  const band = (x1: number, y1: number, x2: number, y2: number, thick: number) => {
    const bend = (x1 + x2) / 2;
    return `M${x1},${y1} C${bend},${y1} ${bend},${y2} ${x2},${y2} v${thick} C${bend},${y2 + thick} ${bend},${y1 + thick} ${x1},${y1 + thick} z`;
  };
  return (
    <figure class="chart" ref={element}>
      <svg role="img" aria-label={props.label} width={width} height={total} viewBox={`0 0 ${width} ${total}`}>
        {left.parts.map((part, index) => (
          <g key={part.name}>
            <path
              class={`flow f${index % COLOURS}`}
              d={band(BAR, part.y, middle - BAR / 2, top + part.before, part.thick)}
            />
            <rect class="node" x={0} y={part.y} width={BAR} height={part.thick} />
            <text class="name" x={0} y={part.y - 19}>
              {part.name}
            </text>
            <text x={0} y={part.y - 5}>
              {part.figure}
            </text>
          </g>
        ))}
        {right.parts.map((part, index) => (
          <g key={part.name}>
            <path
              class={`flow f${index % COLOURS}`}
              d={band(middle + BAR / 2, top + part.before, width - BAR, part.y, part.thick)}
            />
            <rect class="node" x={width - BAR} y={part.y} width={BAR} height={part.thick} />
            <text class="name" x={width} y={part.y - 19} text-anchor="end">
              {part.name}
            </text>
            <text x={width} y={part.y - 5} text-anchor="end">
              {part.figure}
            </text>
          </g>
        ))}
        <rect class="node" x={middle - BAR / 2} y={top} width={BAR} height={tall} />
        <text class="name" x={middle} y={top - 8} text-anchor="middle">
          {props.middle}
        </text>
      </svg>
    </figure>
  );
}

/** Where each part of a side stands, one below the other, with room for its name above it. */
function laid(parts: Part[], whole: number) {
  let y = 0;
  let before = 0;
  const placed = parts.map((part) => {
    const thick = Math.max(THINNEST, (part.amount / whole) * THICKNESS);
    y += LABEL;
    const here = { ...part, y, before, thick };
    y += thick + 6;
    before += thick;
    return here;
  });
  return { parts: placed, height: y, thick: before };
}
