import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

/** One figure of a benchmark beside what it is meant to be. */
export interface Figure {
  readonly name: string;
  readonly value: number | string;
  readonly unit: string;
  /** In words, such as `≥ 28`. */
  readonly target?: string;
  /** Whether the target is met; left out where there is none. */
  readonly met?: boolean;
}

/** A figure that must not be below its target. */
export function atLeast(name: string, value: number, unit: string, target: number): Figure {
  return { name, value: round(value), unit, target: `≥ ${target}`, met: value >= target };
}

/** A figure that must not be above its target. */
export function atMost(name: string, value: number, unit: string, target: number): Figure {
  return { name, value: round(value), unit, target: `≤ ${target}`, met: value <= target };
}

export function plain(name: string, value: number | string, unit = ''): Figure {
  return { name, value: typeof value === 'number' ? round(value) : value, unit };
}

/** Where the results of the benchmarks are kept. */
export const resultsFolder = fileURLToPath(new URL('../.cache/bench', import.meta.url));

/**
 * Prints the figures as a table and as JSON, and keeps the JSON under `.cache/bench`.
 * @param details what the figures were made of; kept, not printed
 */
export function report(title: string, figures: readonly Figure[], details?: unknown): void {
  const rows = figures.map(({ name, value, unit, target = '', met }) => {
    const verdict = met === undefined ? '' : met ? 'met' : 'MISSED';
    return [name, `${value} ${unit}`.trim(), target, verdict];
  });
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  console.log(`\n${title}`);
  for (const row of rows)
    console.log(`  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd());
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`;
  const result = { title, date: new Date().toISOString(), node: process.version, machine, figures };
  console.log(JSON.stringify(result));
  mkdirSync(resultsFolder, { recursive: true });
  writeFileSync(`${resultsFolder}/${title}.json`, `${JSON.stringify({ ...result, details })}\n`);
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
