/**
 * Figures over time as lines, with what is expected after now on another ground.
 *
 * Each line has a pattern of dashes of its own and its name in the legend, so that nothing is told by colour alone.
 */
import { number } from "@/words";
import { useWidth } from "./width";

export interface Line {
  name: string;
  /** One for each of the chart's times. */
  values: number[];
}

const HEIGHT = 240;
const LEFT = 44;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 28;
const LINES = 6;

export function LineChart(props: {
  /** What the picture shows, in a sentence, for those who do not see it. */
  label: string;
  /** Seconds since 1970, rising. */
  times: number[];
  lines: Line[];
  /** Where what is known ends. */
  now: number;
  /** What is written where the future begins. */
  ahead: string;
  /** A time as it stands below the axis. */
  dated: (seconds: number) => string;
}) {
  const [element, width] = useWidth<HTMLDivElement>();
  const { times, lines, now } = props;
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 1];
  const most = Math.max(1e-9, ...lines.flatMap((line) => line.values));
  const steps = ticks(most);
  const top = steps.at(-1) as number;
  const x = (t: number) => LEFT + ((t - first) / Math.max(1, last - first)) * (width - LEFT - RIGHT);
  const y = (value: number) => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM);
  const dates = width < 480 ? 3 : 5;
  // Whether what is written of the future has room in it.
  const wide = x(last) - x(now) > props.ahead.length * 7;
  return (
    <figure class="chart" ref={element}>
      <svg
        role="img"
        aria-label={props.label}
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
      >
        <rect
          class="ahead"
          x={x(now)}
          y={TOP}
          width={Math.max(0, x(last) - x(now))}
          height={HEIGHT - TOP - BOTTOM}
        />
        {steps.map((value) => (
          <g key={value}>
            <line class="rule" x1={LEFT} x2={width - RIGHT} y1={y(value)} y2={y(value)} />
            <text x={LEFT - 6} y={y(value) + 4} text-anchor="end">
              {number(value, 2)}
            </text>
          </g>
        ))}
        {Array.from({ length: dates }, (_, index) => {
          const at = first + ((last - first) * index) / (dates - 1);
          const anchor = index === 0 ? "start" : index === dates - 1 ? "end" : "middle";
          return (
            <text key={index} x={x(at)} y={HEIGHT - 8} text-anchor={anchor}>
              {props.dated(at)}
            </text>
          );
        })}
        {lines.slice(0, LINES).map((line, index) => (
          <polyline
            key={line.name}
            class={`line l${index}`}
            points={line.values.map((value, place) => `${x(times[place] as number)},${y(value)}`).join(" ")}
          />
        ))}
        <line class="now" x1={x(now)} x2={x(now)} y1={TOP} y2={HEIGHT - BOTTOM} />
        <text x={x(now) + (wide ? 6 : -6)} y={TOP + 14} text-anchor={wide ? "start" : "end"}>
          {props.ahead}
        </text>
      </svg>
      <figcaption class="legend" aria-hidden="true">
        {lines.slice(0, LINES).map((line, index) => (
          <span key={line.name}>
            <svg width="34" height="10" viewBox="0 0 34 10">
              <line class={`line l${index}`} x1="1" x2="33" y1="5" y2="5" />
            </svg>
            {line.name}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

/** From 0, in round steps, to the first that is not below `most`. */
function ticks(most: number): number[] {
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((round) => round * power >= rough) ?? 10) * power;
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}
