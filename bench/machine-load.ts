import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/** How busy the machine is: a figure of a benchmark is worth what its surroundings were. */
export interface MachineLoad {
  /** Processes that wanted to run over the last minute. */
  readonly average: number;
  /** Cores in use, whoever used them. */
  readonly cores: number;
  /** Cores that processes used that are neither this benchmark nor started by it, and that the host gave to others. */
  readonly others: number;
}

/** Cores that others may use before a measurement says more of them than of us. */
const QUIET = 0.25;
const LOOK_MS = 1500;

/** Waits until others leave the machine alone, or the time is up: `limitMs` is how long it may take. */
async function untilQuiet(limitMs: number): Promise<void> {
  const started = performance.now();
  while (performance.now() - started < limitMs) {
    const reading = new LoadReading();
    await delay(LOOK_MS);
    if (reading.read().others <= QUIET) return;
  }
}

/**
 * Measures until a measurement was not disturbed.
 * @returns that, or the least disturbed of `attempts`
 */
export async function undisturbed<T extends { readonly others: number }>(
  measure: () => Promise<T>,
  { attempts, patienceMs }: { readonly attempts: number; readonly patienceMs: number },
): Promise<T> {
  await untilQuiet(patienceMs);
  let best = await measure();
  for (let attempt = 1; attempt < attempts && best.others > QUIET; attempt++) {
    await untilQuiet(patienceMs);
    const next = await measure();
    if (next.others < best.others) best = next;
  }
  return best;
}

/** Measures from its making to `read()`, by /proc. */
export class LoadReading {
  readonly #before = cpuTimes();
  readonly #ownBefore = ownTicks();

  read(): MachineLoad {
    const now = cpuTimes();
    const all = now.all - this.#before.all;
    const used = all - (now.idle - this.#before.idle);
    const own = ownTicks();
    let ours = 0;
    for (const [pid, ticks] of own) ours += ticks - (this.#ownBefore.get(pid) ?? 0);
    const perCore = all / availableParallelism();
    return {
      average: loadavg()[0] ?? Number.NaN,
      cores: used / perCore,
      others: Math.max(0, used - ours) / perCore,
    };
  }
}

function cpuTimes(): { all: number; idle: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  // user nice system idle iowait irq softirq steal; guest times are in user and nice already.
  const times = line.split(/\s+/).slice(1, 9).map(Number);
  return { all: times.reduce((sum, time) => sum + time, 0), idle: (times[3] ?? 0) + (times[4] ?? 0) };
}

/** Ticks that this process and each of its descendants have used. */
function ownTicks(): Map<number, number> {
  const parents = new Map<number, number>();
  const ticks = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    const fields = statOf(entry);
    if (!fields) continue;
    parents.set(Number(entry), Number(fields[1]));
    ticks.set(Number(entry), Number(fields[11]) + Number(fields[12]));
  }
  const isOwn = (pid: number): boolean => {
    if (pid === process.pid) return true;
    const parent = parents.get(pid);
    return parent !== undefined && parent > 1 && isOwn(parent);
  };
  return new Map([...ticks].filter(([pid]) => isOwn(pid)));
}

/** The fields of /proc/<pid>/stat from the third on; undefined where there is no such process. */
function statOf(pid: string): string[] | undefined {
  if (!/^\d+$/.test(pid)) return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    // It ended between the two looks.
    return undefined;
  }
}
