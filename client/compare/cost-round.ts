import { peerCpu } from './cpu.ts';
import type { Way } from './way.ts';

/** Until what was turned on or off shows in the figures, which come once a second. */
const SETTLE_MS = 2_000;
const SAMPLES = 3;
const SAMPLE_MS = 1_000;

export interface CostRoundOptions<Name extends string> {
  readonly ways: Readonly<Record<Name, Way>>;
  readonly url: URL;
  readonly sessionId: string;
  /** Told of each step. */
  readonly onStep: (name: Name | undefined) => void;
  readonly signal: AbortSignal;
}

/**
 * Measures what each way costs the media peer by itself: with it alone, less the mean with none before and after it, as
 * whatever else a machine does changes as well. Afterwards all are on.
 * @returns shares of a core
 */
export async function measureCosts<Name extends string>(
  options: CostRoundOptions<Name>,
): Promise<Partial<Record<Name, number>>> {
  const { ways, signal } = options;
  const names = Object.keys(ways) as Name[];
  const costs: Partial<Record<Name, number>> = {};
  await Promise.all(names.map((name) => ways[name].turn(false)));
  let before = await costOf(undefined, options);
  for (const name of names) {
    if (signal.aborted) return costs;
    await ways[name].turn(true);
    const cpu = await costOf(name, options);
    if (signal.aborted) return costs;
    await ways[name].turn(false);
    const after = await costOf(undefined, options);
    costs[name] = Math.max(0, cpu - (before + after) / 2);
    before = after;
  }
  if (!signal.aborted) await Promise.all(names.map((name) => ways[name].turn(true)));
  return costs;
}

/** Mean share of a core; NaN where nobody says. */
async function costOf<Name extends string>(
  name: Name | undefined,
  { url, sessionId, onStep }: CostRoundOptions<Name>,
): Promise<number> {
  onStep(name);
  await delay(SETTLE_MS);
  let sum = 0;
  for (let index = 0; index < SAMPLES; index++) {
    sum += (await peerCpu(url, sessionId)) ?? Number.NaN;
    await delay(SAMPLE_MS);
  }
  return sum / SAMPLES;
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
