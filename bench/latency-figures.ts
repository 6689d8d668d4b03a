import type { LatencyResult, SizeResult } from './latency.ts';
import type { Round } from './latency-round.ts';
import { atMost, type Figure, median, plain } from './report.ts';
import { isGood, type StreamsLevel } from './streams.ts';

/** Targets of the latency of ours, as a multiple of that of the floor in the same codec and round. */
const targets: Record<string, { p50: number; p95?: number }> = {
  '640×480': { p50: 1, p95: 1.15 },
  '1280×720': { p50: 1.3 },
};
const FRAME_RATE = 30;
const OURS = 'sightline';
const FLOOR = 'floor-h264';
const OTHER = 'aiortc';

/** What the table of `npm run bench -- latency` says. */
export function latencyFigures({ sizes, streams }: LatencyResult): Figure[] {
  return [...sizes.flatMap(sizeFigures), ...streamFigures(streams)];
}

function sizeFigures(result: SizeResult): Figure[] {
  const names = [...new Set(result.rounds.map(({ system }) => system))];
  return [
    ...names.flatMap((name) => systemFigures(result, name)),
    ...ratioFigures(result),
    ...stageFigures(result),
    ...cpuFigures(result),
    plain(
      `${result.size}: cores that others used, median and worst round`,
      `${median(result.rounds.map(({ others }) => others)).toFixed(2)}, ${Math.max(...result.rounds.map(({ others }) => others)).toFixed(2)}`,
    ),
  ];
}

function systemFigures({ size, rounds }: SizeResult, name: string): Figure[] {
  const own = rounds.filter(({ system }) => system === name);
  const of = (value: (round: Round) => number) => median(own.map(value));
  const { label = name, totals } = own[0] ?? {};
  const title = `${size} ${label}`;
  const ms = (key: 'p50' | 'p95' | 'p99') => of(({ latency }) => latency[key]).toFixed(1);
  return [
    plain(`${title}: glass to glass p50 / p95 / p99`, `${ms('p50')} / ${ms('p95')} / ${ms('p99')}`, 'ms'),
    plain(
      `${title}: frames decoded / shown`,
      `${of(({ decoded }) => decoded).toFixed(1)} / ${of(({ shown }) => shown).toFixed(1)}`,
      '/s',
    ),
    plain(
      `${title}: sent / received, ${totals?.['codecIn']} ${totals?.['sizeIn']}`,
      `${of(({ sent }) => sent).toFixed(2)} / ${of(({ received }) => received).toFixed(2)}`,
      'Mbit/s',
    ),
    plain(`${title}: frames whose barcode was covered`, 100 * of(({ unreadable }) => unreadable), '%'),
  ];
}

/** Each round's ratio, and their median: what slows the machine down for a while slows both. */
function ratioFigures({ size, rounds }: SizeResult): Figure[] {
  const series = (name: string) => rounds.filter(({ system }) => system === name);
  const ratio = (of: string, to: string, key: 'p50' | 'p95') => {
    const base = series(to);
    return median(series(of).map(({ latency }, i) => latency[key] / (base[i]?.latency[key] ?? Number.NaN)));
  };
  const wanted = targets[size];
  return (['p50', 'p95'] as const).flatMap((key) => {
    const title = `${size}: ${key} as a multiple of the floor's`;
    const target = wanted?.[key];
    const value = ratio(OURS, FLOOR, key);
    return [
      target === undefined ? plain(title, value) : atMost(title, value, '', target),
      ...(['floor-vp8', OTHER] as const)
        .filter((name) => series(name).length > 0)
        .map((name) =>
          plain(`${size}: ${key} of ${name} as a multiple of the floor's`, ratio(name, FLOOR, key)),
        ),
    ];
  });
}

function stageFigures({ size, rounds }: SizeResult): Figure[] {
  const own = rounds.filter(({ system }) => system === OURS);
  const timings = own.map(({ session }) => session?.tracks[0]?.timings ?? {});
  const names = Object.keys(timings[0] ?? {});
  const spreads = names.map((name) => {
    const at = (key: 'p50' | 'p95') =>
      median(timings.map((timing) => timing[name]?.[key] ?? Number.NaN)).toFixed(2);
    const title = name === 'total' ? 'last packet in → first packet out' : name;
    return plain(`${size}: server, ${title}, p50 / p95`, `${at('p50')} / ${at('p95')}`, 'ms');
  });
  const delay = median(own.map(({ eventLoopDelayP99 }) => eventLoopDelayP99 ?? Number.NaN));
  const memory = median(own.map((round) => round.memory ?? Number.NaN)) / 2 ** 20;
  return [
    ...spreads,
    atMost(`${size}: event-loop delay, p99`, delay, 'ms', 10),
    plain(`${size}: memory of the media peer`, memory, 'MiB'),
  ];
}

function cpuFigures({ size, rounds, kernels, bitrate }: SizeResult): Figure[] {
  const share = (name: string, of: (round: Round) => number) =>
    median(rounds.filter(({ system, cpu }) => system === name && cpu).map(of));
  const total = share(OURS, ({ cpu }) => cpu?.total ?? 0);
  const rest = share(OURS, ({ cpu }) => (cpu ? cpu.total - cpu.inference : 0));
  const other = share(OTHER, ({ cpu }) => cpu?.total ?? 0);
  const { decode, scale, encode, srtp } = kernels;
  const alone = ((decode + scale + encode + srtp) * FRAME_RATE) / 1000;
  const parts = [decode, scale, encode, srtp].map((ms) => ms.toFixed(2)).join(' + ');
  const at = `${(bitrate / 1e6).toFixed(1)} Mbit/s`;
  return [
    plain(`${size}: CPU of a stream at ${at}, with inference`, total, 'cores'),
    plain(`${size}: CPU of a stream, without inference`, rest, 'cores'),
    plain(
      `${size}: kernels alone, decode + scale + encode + SRTP`,
      `${parts} ms a frame = ${alone.toFixed(3)}`,
      'cores',
    ),
    atMost(`${size}: CPU without inference as a multiple of the kernels'`, rest / alone, '', 1.3),
    ...(Number.isNaN(other)
      ? []
      : [
          plain(`${size}: CPU of a stream in aiortc`, other, 'cores'),
          atMost(`${size}: CPU without inference as a multiple of aiortc's`, rest / other, '', 0.5),
        ]),
  ];
}

function streamFigures(levels: readonly StreamsLevel[]): Figure[] {
  const good = levels.filter(isGood).at(-1);
  const lines = levels.map((level) => {
    const { streams, p50, p95, fps, results, cpu, inference, others } = level;
    const cores = `${cpu.toFixed(2)} cores, ${inference.toFixed(2)} of them inference, others ${others.toFixed(2)}`;
    const rates = `${fps.toFixed(1)} frames/s and ${results.toFixed(1)} results/s each`;
    return plain(`${streams} streams`, `${p50.toFixed(1)} / ${p95.toFixed(1)} ms, ${rates}, ${cores}`);
  });
  return [
    ...lines,
    plain('streams until p95 in → out exceeds 33 ms or fewer than 28 frames/s return', good?.streams ?? 0),
    ...(good
      ? [
          plain(
            'CPU of a stream at that many, without inference',
            (good.cpu - good.inference) / good.streams,
            'cores',
          ),
        ]
      : []),
  ];
}
