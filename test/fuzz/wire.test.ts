import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EncodedFrame } from '../../peer/codec/encoder.ts';
import { liveNatives } from '../../peer/codec/native/natives.ts';
import { hasWeights } from '../peer/inference/yolox-nano.ts';
import { syntheticFilm } from '../support/coded-film.ts';
import { eventually } from '../support/eventually.ts';
import { Bystander } from '../support/fuzz/bystander.ts';
import { fuzz } from '../support/fuzz/fuzz.ts';
import { type KindName, kinds } from '../support/fuzz/kinds.ts';
import { LocalServer } from '../support/fuzz/local-server.ts';

const COUNT = 2000;
const SEED = 1;
const MIB = 2 ** 20;
/** Bytes that may be held for each message, and for each call: those of the client that makes it are among them. */
const PER_MESSAGE = 512;
const PER_CALL = MIB;

/** Reasons that must show where so much of a kind is wrong. */
const expected: Record<KindName, readonly string[]> = {
  rtp: ['rtp-malformed', 'ssrc-collision', 'unroutable', 'payload-malformed'],
  rtcp: ['rtcp-malformed'],
  srtp: ['srtp-failed', 'rtp-malformed', 'datagram-unknown'],
  stun: ['stun-malformed', 'stun-unauthenticated'],
  dtls: ['dtls-malformed', 'dtls-unexpected'],
  sctp: ['sctp-malformed'],
  data: ['sctp-malformed'],
};

describe.skipIf(!hasWeights)('a media peer under fuzzing (skipped where the weights are not there)', () => {
  let server: LocalServer;
  let film: EncodedFrame[];
  let bystander: Bystander;

  beforeAll(async () => {
    server = await LocalServer.start();
    film = await syntheticFilm('VP8', 12, 0);
    bystander = await Bystander.dial(server.url, film);
    await bystander.expectService();
  });

  afterAll(async () => {
    await bystander.close();
    await server[Symbol.asyncDispose]();
  });

  it.each(Object.keys(kinds) as KindName[])(
    'takes %s of any shape, counts it, and serves on',
    async (kind) => {
      // What is loaded and compiled for the first time would look like a leak.
      await fuzz({ server, kind, count: COUNT / 4, seed: SEED + 1, film });
      const result = await fuzz({ server, kind, count: COUNT, seed: SEED, film });
      expect(result.sent).toBe(COUNT);
      expect(Object.keys(result.refused)).toEqual(expect.arrayContaining([...expected[kind]]));
      expect(result.held[1] - result.held[0]).toBeLessThan(PER_MESSAGE * COUNT + PER_CALL * result.calls);
      await bystander.expectService();
    },
    60_000,
  );

  it('leaves nothing behind', async () => {
    await bystander.close();
    await eventually(
      async () => server.sessions.size,
      (size) => size === 0,
    );
    expect(liveNatives()).toBe(0);
  });
});
