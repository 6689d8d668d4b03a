import { linePlot } from './plots/line-plot.ts';
import type { SoakSample } from './soak.ts';

/** The plots of `npm run bench -- soak`. */
export function soakSection(samples: readonly SoakSample[]): string {
  const line = (label: string, colour: string, name: keyof SoakSample) => ({
    label,
    colour,
    points: samples.map((sample) => [sample.minutes, sample[name]] as const),
  });
  const memory = linePlot({
    title: 'Memory of the media peer',
    xLabel: 'minutes',
    yLabel: 'MiB',
    series: [line('resident', 'var(--ours)', 'memory')],
  });
  const delay = linePlot({
    title: 'Delay, medians of five seconds',
    xLabel: 'minutes',
    yLabel: 'ms',
    series: [
      line('glass to glass', 'var(--ours)', 'glass'),
      line('in → out of the slowest stream', 'var(--other)', 'server'),
      line('event loop, p99', 'var(--floor)', 'eventLoopDelayP99'),
    ],
  });
  return `<section><h2>Three streams over time</h2><div class="plots">${memory}${delay}</div></section>`;
}
