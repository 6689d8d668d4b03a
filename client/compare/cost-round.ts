import { peerCpu } from './cpu.ts';
import type { Way } from './way.ts';

/** Until what was turned on or off shows in the figures, which come once a second. */
const SETTLE_MS = 2_500;
const SAMPLES = 4;
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
 * Measures what each way costs the media peer by itself: with it alone, less with none. Afterwards all are on.
 * @returns shares of a core
 */
export async function measureCosts<Name extends string>(
  options: CostRoundOptions<Name>,
): Promise<Partial<Record<Name, number>>> {
  const { ways, onStep, signal } = options;
  const names = Object.keys(ways) as Name[];
  const costs: Partial<Record<Name, number>> = {};
  await Promise.all(names.map((name) => ways[name].turn(false)));
  onStep(undefined);
  const none = await meanCpu(options);
  for (const name of names) {
    if (signal.aborted) return costs;
    onStep(name);
    await ways[name].turn(true);
    const cpu = await meanCpu(options);
    if (cpu !== undefined && none !== undefined) costs[name] = Math.max(0, cpu - none);
    if (!signal.aborted) await ways[name].turn(false);
  }
  if (!signal.aborted) await Promise.all(names.map((name) => ways[name].turn(true)));
  return costs;
}

async function meanCpu({ url, sessionId }: Pick<CostRoundOptions<string>, 'url' | 'sessionId'>): Promise<number | undefined> {
  await delay(SETTLE_MS);
  const samples: number[] = [];
  for (let index = 0; index < SAMPLES; index++) {
    const cpu = await peerCpu(url, sessionId);
    if (cpu !== undefined) samples.push(cpu);
    await delay(SAMPLE_MS);
  }
  return samples.length > 0 ? samples.reduce((sum, cpu) => sum + cpu, 0) / samples.length : undefined;
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
