import { describe, expect, it } from 'vitest';
import type { Impairment } from '../support/link/impairment.ts';
import { Pipe } from '../support/link/pipe.ts';

const BYTES = 1000;
/** What 1000 bytes are on the network. */
const BITS = (BYTES + 28) * 8;

interface Out {
  readonly item: number;
  readonly at: number;
}

/** Pushes packets 0, 1, … at a fixed interval, and lets all of them come out. */
function carry(impairment: Impairment, { packets = 2000, everyMs = 5, seed = 7 } = {}) {
  const pipe = new Pipe<number>(impairment, seed);
  const out: Out[] = [];
  for (let item = 0; item < packets; item++) {
    pipe.push(item, BYTES, item * everyMs);
    out.push(...pipe.take(item * everyMs));
  }
  out.push(...pipe.take(packets * everyMs + 60_000));
  return { pipe, out, items: out.map(({ item }) => item) };
}

function isOrdered(items: readonly number[]): boolean {
  return items.every((item, index) => index === 0 || item >= (items[index - 1] ?? 0));
}

/** Lengths of the runs of packets that did not come out. */
function lostRuns(items: readonly number[]): number[] {
  return items.map((item, index) => item - (items[index - 1] ?? -1) - 1).filter((run) => run > 0);
}

describe('Pipe', () => {
  it('hands all on at once and in order where it is not impaired', () => {
    const { out, pipe } = carry({});
    expect(out.map(({ item, at }) => at - item * 5)).toEqual(out.map(() => 0));
    expect(pipe.stats()).toMatchObject({ packetsIn: 2000, packetsOut: 2000, bytesOut: 2000 * BYTES });
  });

  it.each([0.01, 0.02, 0.2, 0.5])('loses a share of %d of the packets, within four sigma', (loss) => {
    const packets = 20_000;
    const lost = carry({ loss }, { packets }).pipe.stats().dropped.loss;
    const sigma = Math.sqrt(packets * loss * (1 - loss));
    expect(Math.abs(lost - packets * loss)).toBeLessThan(4 * sigma);
  });

  it('loses the same share in runs of the wanted mean length', () => {
    const packets = 100_000;
    const { items } = carry({ loss: 0.05, burst: 5 }, { packets, everyMs: 1 });
    const runs = lostRuns(items);
    expect(1 - items.length / packets).toBeCloseTo(0.05, 2);
    expect(runs.reduce((sum, run) => sum + run, 0) / runs.length).toBeGreaterThan(4.5);
    expect(runs.reduce((sum, run) => sum + run, 0) / runs.length).toBeLessThan(5.5);
  });

  it('drops the same packets for the same seed, however they are spaced, and others for another', () => {
    const settings = { loss: 0.1, jitter: 20, delay: 50, duplicate: 0.05 };
    const first = carry(settings).items;
    expect(carry(settings, { everyMs: 17 }).items).toEqual(first);
    expect(carry(settings, { seed: 8 }).items).not.toEqual(first);
  });

  it('keeps every packet on its way for the delay, give or take the jitter, and uses the whole of it', () => {
    const { out } = carry({ delay: 50, jitter: 20, jitterReorders: true });
    const delays = out.map(({ item, at }) => at - item * 5);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(30);
    expect(Math.min(...delays)).toBeLessThan(32);
    expect(Math.max(...delays)).toBeLessThanOrEqual(70);
    expect(Math.max(...delays)).toBeGreaterThan(68);
  });

  it('keeps the order in spite of jitter, unless jitter may change it', () => {
    expect(isOrdered(carry({ delay: 50, jitter: 20 }).items)).toBe(true);
    expect(isOrdered(carry({ delay: 50, jitter: 20, jitterReorders: true }).items)).toBe(false);
  });

  it('holds the wanted share back, so that as many are overtaken and none is lost', () => {
    const { items, out } = carry({ reorder: 0.1, reorderMs: 12 });
    const late = out.filter(({ item, at }) => at - item * 5 === 12);
    expect(late.length).toBeGreaterThan(150);
    expect(late.length).toBeLessThan(250);
    expect(isOrdered(items)).toBe(false);
    expect(new Set(items).size).toBe(2000);
  });

  it('hands the wanted share on twice, and counts it', () => {
    const { items, pipe } = carry({ duplicate: 0.1 });
    const { duplicated } = pipe.stats();
    expect(duplicated).toBeGreaterThan(150);
    expect(duplicated).toBeLessThan(250);
    expect(items.length).toBe(2000 + duplicated);
  });

  it('sends no faster than the rate, and no slower', () => {
    const { out } = carry({ rate: 1_000_000, queueMs: 1e9, queueBytes: 1e9 }, { everyMs: 1, packets: 500 });
    const gaps = out.map(({ at }, index) => at - (out[index - 1]?.at ?? 0));
    for (const gap of gaps) expect(gap).toBeCloseTo(BITS / 1000, 6);
  });

  it.each([
    ['milliseconds', { queueMs: 100 }, 100],
    ['bytes', { queueMs: 1e9, queueBytes: 12_500 }, 100],
  ])('drops newcomers beyond the queue measured in %s', (_unit, limit, longestMs) => {
    const { pipe } = carry({ rate: 1_000_000, ...limit }, { everyMs: 4, packets: 2000 });
    const { dropped, packetsOut, windows } = pipe.stats();
    const waits = windows.map(({ queueMs }) => queueMs.max);
    // A packet that still finds room waits for its own bits, too
    expect(Math.max(...waits)).toBeLessThanOrEqual(longestMs + BITS / 1000);
    expect(Math.max(...waits)).toBeGreaterThan(longestMs - BITS / 500);
    expect(dropped.queue + packetsOut).toBe(2000);
    expect(packetsOut).toBeLessThan(1000);
  });

  it('sends what waits at the new rate when the rate changes, down to the bit', () => {
    const pipe = new Pipe<number>({ rate: 1_000_000 }, 1);
    pipe.push(0, BYTES, 0);
    const halfway = BITS / 1000 / 2;
    pipe.set({ rate: 100_000 }, halfway);
    expect(pipe.nextAt()).toBeCloseTo(halfway + BITS / 2 / 100, 6);
    pipe.set({ rate: Number.POSITIVE_INFINITY }, halfway + 1);
    expect(pipe.take(halfway + 1).map(({ item }) => item)).toEqual([0]);
    expect(pipe.nextAt()).toBe(Number.POSITIVE_INFINITY);
  });

  it('drops all that comes during an outage and nothing that was on its way', () => {
    const pipe = new Pipe<number>({ delay: 50 }, 1);
    pipe.setOutage(100, 200);
    for (let at = 0; at < 300; at += 10) pipe.push(at, BYTES, at);
    const items = pipe.take(1000).map(({ item }) => item);
    expect(items).toEqual([...range(0, 100), ...range(200, 300)]);
    expect(pipe.stats().dropped.outage).toBe(10);
  });

  it('tells the queue of each window, and of one where nothing happened as well', () => {
    const pipe = new Pipe<number>({ rate: 1_000_000 }, 1);
    for (let item = 0; item < 10; item++) pipe.push(item, BYTES, 0);
    pipe.take(400);
    pipe.push(10, BYTES, 1200);
    pipe.take(1250);
    const { windows } = pipe.stats();
    expect(windows.map(({ packetsOut }) => packetsOut)).toEqual([10, 0, 1]);
    expect(windows[0]?.queueMs.max).toBeCloseTo((10 * BITS) / 1000, 6);
    expect(windows[0]?.queueMs.p50).toBeCloseTo((5 * BITS) / 1000, 6);
  });

  it.each<[Impairment, string]>([
    [{ loss: 1.5 }, 'loss'],
    [{ delay: -1 }, 'delay'],
    [{ jitter: Number.NaN }, 'jitter'],
    [{ rate: 0 }, 'rate'],
    [{ burst: 0.5 }, 'burst'],
  ])('refuses %o', (impairment, named) => {
    expect(() => new Pipe(impairment, 1)).toThrow(named);
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: (to - from) / 10 }, (_, index) => from + index * 10);
}
