import { element, escapeText, niceTicks, short } from './svg.ts';

/** One line of a plot. */
interface Series {
  readonly label: string;
  /** A CSS colour. */
  readonly colour: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface LinePlot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  /** Lines across that something should stay below. */
  readonly limits?: readonly { readonly y: number; readonly label: string }[];
  /** Range of an axis; that of the points, and 0 for y, when left out. */
  readonly x?: readonly [min: number, max: number];
  readonly y?: readonly [min: number, max: number];
}

const WIDTH = 620;
const HEIGHT = 330;
const LEFT = 58;
const RIGHT = 16;
const TOP = 14;
const BOTTOM = 46;
/** So few are told apart, each with a dot. */
const FEW_POINTS = 20;

/** An SVG with axes, grid, lines, and a legend under it. */
export function linePlot(plot: LinePlot): string {
  const points = plot.series.flatMap((series) => series.points);
  const xTicks = niceTicks(...(plot.x ?? rangeOf(points.map(([x]) => x))), 8);
  const yValues = [...points.map(([, y]) => y), ...(plot.limits ?? []).map(({ y }) => y), 0];
  const yTicks = niceTicks(...(plot.y ?? rangeOf(yValues)), 6);
  const toX = scale(xTicks, LEFT, WIDTH - RIGHT);
  const toY = scale(yTicks, HEIGHT - BOTTOM, TOP);
  const place = ([x, y]: readonly [number, number]) =>
    [toX(clamp(x, xTicks)), toY(clamp(y, yTicks))] as const;
  const dot = (point: readonly [number, number], colour: string) => {
    const [cx, cy] = place(point);
    return element('circle', { cx, cy, r: 3.5, style: `fill:${colour}` });
  };
  const lines = plot.series.map(({ colour, points: line, label }) => {
    const title = element('title', {}, escapeText(label));
    const dots = line.length > FEW_POINTS ? [] : line.map((point) => dot(point, colour));
    const path = line.map((point) => place(point).map(short).join(',')).join(' ');
    return (
      element('polyline', { class: 'line', style: `stroke:${colour}`, points: path }, title) + dots.join('')
    );
  });
  const svg = element(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': escapeText(plot.title) },
    ...yTicks.map((tick) => horizontal(toY(tick), short(tick))),
    ...xTicks.map((tick) => vertical(toX(tick), short(tick))),
    ...(plot.limits ?? []).map(({ y, label }) => limitLine(toY(y), label)),
    ...lines,
    element(
      'text',
      { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 6, class: 'axis middle' },
      escapeText(plot.xLabel),
    ),
    element(
      'text',
      { transform: `translate(14 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)`, class: 'axis middle' },
      escapeText(plot.yLabel),
    ),
  );
  return `<figure><figcaption>${escapeText(plot.title)}</figcaption>${svg}${legend(plot.series)}</figure>`;
}

/** Coloured names, in a line under a plot. */
export function legend(entries: readonly { readonly label: string; readonly colour: string }[]): string {
  const items = entries.map(
    ({ label, colour }) => `<li><i style="background:${colour}"></i>${escapeText(label)}</li>`,
  );
  return `<ul class="legend">${items.join('')}</ul>`;
}

function rangeOf(values: readonly number[]): [number, number] {
  const known = values.filter(Number.isFinite);
  const [min, max] = known.length === 0 ? [0, 1] : [Math.min(...known), Math.max(...known)];
  return min === max ? [min, min + 1] : [min, max];
}

function scale(ticks: readonly number[], from: number, to: number): (value: number) => number {
  const [first = 0] = ticks;
  const last = ticks.at(-1) ?? 1;
  return (value) => from + ((value - first) / (last - first)) * (to - from);
}

function clamp(value: number, ticks: readonly number[]): number {
  return Math.min(ticks.at(-1) ?? value, Math.max(ticks[0] ?? value, value));
}

function horizontal(y: number, label: string): string {
  const line = element('line', { x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y, class: 'grid' });
  return line + element('text', { x: LEFT - 8, y: y + 4, class: 'tick end' }, label);
}

function vertical(x: number, label: string): string {
  const line = element('line', { x1: x, x2: x, y1: TOP, y2: HEIGHT - BOTTOM, class: 'grid faint' });
  return line + element('text', { x, y: HEIGHT - BOTTOM + 18, class: 'tick middle' }, label);
}

function limitLine(y: number, label: string): string {
  const line = element('line', { x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y, class: 'limit' });
  return (
    line + element('text', { x: WIDTH - RIGHT - 4, y: y - 5, class: 'tick end warn' }, escapeText(label))
  );
}
