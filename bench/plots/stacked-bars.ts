import { legend } from './line-plot.ts';
import { element, escapeText, niceTicks, short } from './svg.ts';

export interface StackedBars {
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly { readonly label: string; readonly parts: Readonly<Record<string, number>> }[];
  /** CSS colours of the parts, in their order. */
  readonly colours: readonly string[];
}

const WIDTH = 620;
const LEFT = 8;
const RIGHT = 74;
const ROW = 52;
const BAR = 22;
const AXIS = 34;
/** A part narrower than this has no room for its figure. */
const ROOM = 30;

/** Lying bars, each cut into the same parts; the figure of a part in it where it fits, the sum behind the bar. */
export function stackedBars({ title, unit, bars, colours }: StackedBars): string {
  const sums = bars.map(({ parts }) => sumOf(Object.values(parts)));
  const ticks = niceTicks(0, Math.max(...sums), 6);
  const perUnit = (WIDTH - LEFT - RIGHT) / (ticks.at(-1) ?? 1);
  const bottom = bars.length * ROW + 6;
  const grid = ticks.map((tick) => {
    const x = LEFT + tick * perUnit;
    const line = element('line', { x1: x, x2: x, y1: 4, y2: bottom, class: 'grid faint' });
    return line + element('text', { x, y: bottom + 18, class: 'tick middle' }, short(tick));
  });
  const rows = bars.map(({ label, parts }, index) => {
    const y = index * ROW + 26;
    const name = element('text', { x: LEFT, y: y - 7, class: 'name' }, escapeText(label));
    return (
      name + pieces(Object.entries(parts), y, perUnit, colours) + sumLabel(sums[index] ?? 0, y, perUnit, unit)
    );
  });
  const names = Object.keys(bars[0]?.parts ?? {});
  const svg = element(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${bottom + AXIS}`, role: 'img', 'aria-label': escapeText(title) },
    ...grid,
    ...rows,
  );
  const entries = names.map((label, i) => ({ label, colour: colours[i] ?? 'gray' }));
  return `<figure><figcaption>${escapeText(title)}</figcaption>${svg}${legend(entries)}</figure>`;
}

function pieces(
  parts: readonly (readonly [string, number])[],
  y: number,
  perUnit: number,
  colours: readonly string[],
): string {
  let x = LEFT;
  return parts
    .map(([name, value], index) => {
      const width = Math.max(0, value) * perUnit;
      const tip = element('title', {}, `${escapeText(name)}: ${short(value)}`);
      const style = `fill:${colours[index] ?? 'gray'}`;
      const piece = element('rect', { x, y, width: Math.max(0, width - 1), height: BAR, rx: 2, style }, tip);
      const figure =
        width < ROOM
          ? ''
          : element('text', { x: x + width / 2, y: y + 15, class: 'inside middle' }, value.toFixed(1));
      x += width;
      return piece + figure;
    })
    .join('');
}

function sumLabel(sum: number, y: number, perUnit: number, unit: string): string {
  return element(
    'text',
    { x: LEFT + sum * perUnit + 6, y: y + 16, class: 'sum' },
    `${sum.toFixed(1)} ${escapeText(unit)}`,
  );
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + Math.max(0, value), 0);
}
