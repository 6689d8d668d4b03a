import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { syntheticFilm } from '../test/support/coded-film.ts';
import { Bystander } from '../test/support/fuzz/bystander.ts';
import { fuzz } from '../test/support/fuzz/fuzz.ts';
import { type KindName, kinds } from '../test/support/fuzz/kinds.ts';
import { LocalServer } from '../test/support/fuzz/local-server.ts';
import { heldMemory } from '../test/support/fuzz/memory.ts';
import { fuzzOffers } from '../test/support/fuzz/offers.ts';
import { atMost, type Figure, plain, report } from './report.ts';

const MIB = 2 ** 20;
/** Bytes held for each message at the end of a run: next to nothing, or there is a leak. */
const MAX_HELD = 256;
/** The library's timers keep what was answered and closed for some twenty seconds more. */
const SETTLE_MS = 30_000;
/** What the library keeps of each caller in this process, with all that it never got sent. */
const CALLER_BYTES = 4 * MIB;

/**
 * Sends so many spoilt messages of each kind to a media peer of this process, with another call going on beside it. A
 * fault that nobody caught ends the run with the seed and the newest messages.
 */
export async function benchFuzz(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { count: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
  });
  const count = Number(values.count);
  const seed = Number(values.seed);
  await using server = await LocalServer.start();
  const film = await syntheticFilm('VP8', 12, 0);
  const bystander = await Bystander.dial(server.url, film);
  await bystander.expectService();
  const figures: Figure[] = [];
  for (const kind of Object.keys(kinds) as KindName[]) {
    // What is loaded and compiled for the first time would look like a leak.
    await fuzz({ server, kind, count: Math.min(1000, count), seed: seed + 1, film });
    const { sent, refused, calls, held, longestStall } = await fuzz({ server, kind, count, seed, film });
    await bystander.expectService();
    const row = [
      plain(`${kind}: sent`, sent),
      plain(`${kind}: refused`, inWords(refused)),
      plain(`${kind}: calls`, calls),
    ];
    figures.push(
      ...row,
      plain(`${kind}: longest stall`, longestStall, 'ms'),
      ...memory(kind, held, { count, calls }),
    );
    console.log(`${kind} done`);
  }
  await fuzzOffers({ server, count: Math.min(1000, count), seed: seed + 1 });
  await delay(SETTLE_MS);
  const before = await heldMemory();
  const outcomes = await fuzzOffers({ server, count, seed });
  await delay(SETTLE_MS);
  const held = [before, await heldMemory()] as const;
  figures.push(
    plain('sdp: sent', count),
    plain('sdp: answers', inWords(outcomes)),
    ...memory('sdp', held, { count, calls: 0 }),
  );
  await bystander.expectService();
  await bystander.close();
  report('fuzz', [...figures, atMost('not caught', 0, '', 0)]);
}

function memory(
  kind: string,
  [before, after]: readonly [number, number],
  { count, calls }: { count: number; calls: number },
): Figure[] {
  const kept = Math.max(0, after - before - calls * CALLER_BYTES) / count;
  return [
    plain(`${kind}: held before`, before / MIB, 'MiB'),
    plain(`${kind}: held after`, after / MIB, 'MiB'),
    atMost(`${kind}: held more, a message`, kept, 'bytes', MAX_HELD),
  ];
}

function inWords(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, times]) => `${reason} ${times}`)
    .join(', ');
}
