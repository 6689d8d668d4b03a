import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { LatencyResult } from './latency.ts';
import { latencySections } from './latency-section.ts';
import { escapeText } from './plots/svg.ts';
import { type Figure, resultsFolder } from './report.ts';
import type { SoakSample } from './soak.ts';
import { soakSection } from './soak-section.ts';

/** A result as `report()` keeps it. */
interface Kept<T> {
  readonly title: string;
  readonly date: string;
  readonly node: string;
  readonly machine: string;
  readonly figures: readonly Figure[];
  readonly details?: T;
}

const names: Record<string, string> = { latency: 'Delay and cost', soak: 'Soak', call: 'One call' };

/** Makes one page, without anything beside it, of all results that are kept. @returns its path */
export function writeBenchPage(): string {
  const latency = read<LatencyResult>('latency');
  const soak = read<{ samples: readonly SoakSample[] }>('soak');
  const kept = [latency, soak, read('call')].filter((result) => result !== undefined);
  const sections = [
    ...(latency?.details ? latencySections(latency.details) : []),
    ...(soak?.details ? [soakSection(soak.details.samples)] : []),
    ...kept.map(figureSection),
  ];
  const path = `${resultsFolder}/index.html`;
  writeFileSync(path, page(kept, sections));
  return path;
}

function read<T>(title: string): Kept<T> | undefined {
  const path = `${resultsFolder}/${title}.json`;
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Kept<T>) : undefined;
}

function page(kept: readonly Kept<unknown>[], sections: readonly string[]): string {
  const [newest] = [...kept].sort((a, b) => b.date.localeCompare(a.date));
  const wanted = kept.flatMap(({ figures }) => figures).filter(({ met }) => met !== undefined);
  const met = wanted.filter((figure) => figure.met).length;
  const style = readFileSync(new URL('plots/page.css', import.meta.url), 'utf8');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sightline: benchmarks</title>
<style>${style}</style>
<header>
<h1>Sightline, measured</h1>
<p>${escapeText(newest?.machine ?? '')} · Node ${escapeText(newest?.node ?? '')} · ${escapeText(newest?.date.slice(0, 16).replace('T', ' ') ?? '')} UTC</p>
</header>
<main>
<section><h2>${met} of ${wanted.length} targets met</h2><div class="scroll">${table(wanted)}</div></section>
${sections.join('\n')}
</main>
</html>
`;
}

function figureSection({ title, date, figures }: Kept<unknown>): string {
  const taken = `${escapeText(date.slice(0, 16).replace('T', ' '))} UTC`;
  const summary = `<summary>${names[title] ?? escapeText(title)}: all figures <span class="note">${taken}</span></summary>`;
  return `<details>${summary}<div class="scroll">${table(figures)}</div></details>`;
}

function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, unit, target = '', met }) => {
    const cells = [name, `${value} ${unit}`.trim(), target].map((cell) => `<td>${escapeText(cell)}</td>`);
    return `<tr>${cells.join('')}<td>${verdict(met)}</td></tr>`;
  });
  return `<table><thead><tr><th>Figure<th>Value<th>Wanted<th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

function verdict(met: boolean | undefined): string {
  if (met === undefined) return '';
  return met ? '<span class="met">met</span>' : '<span class="missed">missed</span>';
}
