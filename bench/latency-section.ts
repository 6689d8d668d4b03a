import type { LatencyResult, SizeResult } from './latency.ts';
import type { Round, Stages } from './latency-round.ts';
import { linePlot } from './plots/line-plot.ts';
import { stackedBars } from './plots/stacked-bars.ts';
import { median } from './report.ts';
import type { StreamsLevel } from './streams.ts';

const systemColours: Record<string, string> = {
  sightline: 'var(--ours)',
  'floor-h264': 'var(--floor)',
  'floor-vp8': 'var(--floor-2)',
  aiortc: 'var(--other)',
};
const stageColours = [1, 2, 3, 4, 5, 6].map((i) => `var(--stage-${i})`);
const SERVER_STEPS = ['decode', 'compose', 'encode'];

/** The plots of `npm run bench -- latency`. */
export function latencySections({ sizes, streams }: LatencyResult): string[] {
  return [...sizes.map(sizeSection), ...(streams.length > 0 ? [streamsSection(streams)] : [])];
}

function sizeSection({ size, bitrate, rounds }: SizeResult): string {
  const systems = [...new Set(rounds.map(({ system }) => system))].map((system) => ({
    system,
    rounds: rounds.filter((round) => round.system === system),
  }));
  const label = (own: readonly Round[]) => own[0]?.label ?? '';
  const cdf = linePlot({
    title: 'How many frames had come back by then (median of the rounds)',
    xLabel: 'milliseconds from camera to screen',
    yLabel: 'percent of frames',
    y: [0, 100],
    series: systems.map(({ system, rounds: own }) => ({
      label: label(own),
      colour: systemColours[system] ?? 'gray',
      points: Array.from(
        { length: 100 },
        (_, i) => [median(own.map((r) => r.distribution[i] ?? 0)), i] as const,
      ),
    })),
  });
  const stages = stackedBars({
    title: 'Where the time goes, on average',
    unit: 'ms',
    colours: stageColours,
    bars: systems.map(({ rounds: own }) => ({ label: label(own), parts: medianStages(own) })),
  });
  const rate = `${(bitrate / 1e6).toFixed(1)} Mbit/s each way, 30 frames a second, ${systems[0]?.rounds.length} rounds in turns`;
  return `<section><h2>Glass to glass, ${size}</h2><p class="note">${rate}</p><div class="plots">${cdf}${stages}${serverSteps(rounds)}${cpuBars(systems)}</div></section>`;
}

function medianStages(rounds: readonly Round[]): Record<string, number> {
  const names = Object.keys(rounds[0]?.stages ?? {}) as (keyof Stages)[];
  return Object.fromEntries(names.map((name) => [name, median(rounds.map(({ stages }) => stages[name]))]));
}

function serverSteps(rounds: readonly Round[]): string {
  const timings = rounds.flatMap(({ session }) => (session ? [session.tracks[0]?.timings ?? {}] : []));
  if (timings.length === 0) return '';
  const bar = (key: 'p50' | 'p95', label: string) => {
    const at = (name: string) => median(timings.map((timing) => timing[name]?.[key] ?? 0));
    const steps = Object.fromEntries(SERVER_STEPS.map((name) => [name, at(name)]));
    const known = SERVER_STEPS.reduce((sum, name) => sum + at(name), 0);
    return { label, parts: { ...steps, 'hand-over, packets, SRTP': Math.max(0, at('total') - known) } };
  };
  return stackedBars({
    title: 'What the server adds: last packet of a frame in → first packet out',
    unit: 'ms',
    colours: stageColours,
    bars: [bar('p50', 'Median frame'), bar('p95', 'Every twentieth frame is slower than')],
  });
}

function cpuBars(systems: readonly { readonly rounds: readonly Round[] }[]): string {
  const bars = systems.flatMap(({ rounds }) => {
    const measured = rounds.flatMap(({ cpu }) => cpu ?? []);
    if (measured.length === 0) return [];
    const inference = median(measured.map((cpu) => cpu.inference)) * 100;
    const rest = median(measured.map((cpu) => cpu.total - cpu.inference)) * 100;
    return [{ label: rounds[0]?.label ?? '', parts: { 'media and codecs': rest, inference } }];
  });
  if (bars.length === 0) return '';
  return stackedBars({ title: 'CPU of one stream', unit: '% of a core', colours: stageColours, bars });
}

function streamsSection(levels: readonly StreamsLevel[]): string {
  const line = (label: string, colour: string, of: (level: StreamsLevel) => number) => ({
    label,
    colour,
    points: levels.map((level) => [level.streams, of(level)] as const),
  });
  const delay = linePlot({
    title: 'Delay in the server, of the stream that is worst off',
    xLabel: 'streams at once, 640×480',
    yLabel: 'ms, last packet in → first out',
    limits: [{ y: 33, label: 'a frame: 33 ms' }],
    series: [
      line('median', 'var(--ours)', ({ p50 }) => p50),
      line('95th percentile', 'var(--other)', ({ p95 }) => p95),
    ],
  });
  const rates = linePlot({
    title: 'Frames and results of each stream',
    xLabel: 'streams at once, 640×480',
    yLabel: 'a second',
    series: [
      line('frames returned', 'var(--ours)', ({ fps }) => fps),
      line('results', 'var(--other)', ({ results }) => results),
    ],
  });
  return `<section><h2>Streams of one media peer</h2><div class="plots">${delay}${rates}</div></section>`;
}
