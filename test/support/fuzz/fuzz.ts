import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import type { EncodedFrame } from '../../../peer/codec/encoder.ts';
import type { LiveSession } from '../../../peer/live-session.ts';
import { seededRandom } from '../link/seeded-random.ts';
import { Accidents } from './accidents.ts';
import { Attacker } from './attacker.ts';
import { type KindName, kinds } from './kinds.ts';
import type { LocalServer } from './local-server.ts';
import { heldMemory } from './memory.ts';
import type { Random } from './mutate.ts';

/** So many are under way before the other end gets to read them. */
const BURST = 8;
const REMEMBERED = 16;
/** An attacker whose data is not taken any more, because of what it has sent, is given up after that. */
const PATIENCE_MS = 2000;

export interface FuzzOptions {
  readonly server: LocalServer;
  readonly kind: KindName;
  readonly count: number;
  readonly seed: number;
  readonly film: readonly EncodedFrame[];
}

export interface FuzzResult {
  readonly sent: number;
  /** What the sessions that were attacked counted, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Calls that it took; a message may well end the call of whoever sends it. */
  readonly calls: number;
  /** Bytes held before the first call and after the last. */
  readonly held: readonly [before: number, after: number];
  /** Milliseconds. */
  readonly longestStall: number;
}

/** The numbers that message `index` of a run is made of, the same for the same seed. */
export function randomOf(seed: number, index: number): Random {
  return seededRandom((seed + Math.imul(index + 1, 0x9e3779b9)) >>> 0);
}

/**
 * Sends so many messages of one kind to a real call, and dials anew where one ended it.
 * @throws Error with the seed and the newest messages where something was not caught
 */
export async function fuzz({ server, kind, count, seed, film }: FuzzOptions): Promise<FuzzResult> {
  using accidents = new Accidents();
  const stalls = monitorEventLoopDelay({ resolution: 5 });
  const refused = new Map<string, number>();
  const newest: string[] = [];
  const before = await heldMemory();
  let calls = 0;
  let sent = 0;
  stalls.enable();
  while (sent < count) {
    const attacker = await Attacker.dial(server.url);
    calls++;
    const session = server.sessions.get(attacker.client.sessionId);
    const corpus = kinds[kind].corpus(attacker, film);
    let stuck = false;
    while (sent < count && !session.closed && !stuck) {
      const shot = kinds[kind].shoot(attacker, corpus, randomOf(seed, sent)).catch(String);
      const message = await within(PATIENCE_MS, shot);
      stuck = message === undefined;
      newest.push(`${sent}: ${typeof message === 'string' ? message : message?.toString('hex')}`);
      if (newest.length > REMEMBERED) newest.shift();
      sent++;
      if (sent % BURST === 0) await setImmediate();
      if (accidents.found.length > 0) throw accident(accidents.found[0], kind, seed, newest);
    }
    for (let turns = 0; turns < BURST; turns++) await setImmediate();
    note(session, refused);
    await attacker.close();
    await session.close('the attack is over');
  }
  stalls.disable();
  if (accidents.found.length > 0) throw accident(accidents.found[0], kind, seed, newest);
  const held = [before, await heldMemory()] as const;
  return { sent, refused: Object.fromEntries(refused), calls, held, longestStall: stalls.max / 1e6 };
}

/** Undefined where it takes longer. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  const limit = new AbortController();
  const late = delay(milliseconds, undefined, { signal: limit.signal }).catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    limit.abort();
  }
}

function note(session: LiveSession, refused: Map<string, number>): void {
  const { packetsRefused, packetsUnroutable, tracks } = session.describe();
  const malformed = tracks.reduce((sum, { packetsMalformed }) => sum + packetsMalformed, 0);
  const counts = { ...packetsRefused, unroutable: packetsUnroutable, 'payload-malformed': malformed };
  for (const [reason, times] of Object.entries(counts)) {
    if (times > 0) refused.set(reason, (refused.get(reason) ?? 0) + times);
  }
}

function accident(cause: unknown, kind: string, seed: number, newest: readonly string[]): Error {
  const text = `Not caught while ${kind} was fuzzed with seed ${seed}: ${String(cause)}\n${newest.join('\n')}`;
  return new Error(text, { cause });
}
