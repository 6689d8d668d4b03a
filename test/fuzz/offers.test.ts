import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { liveNatives } from '../../peer/codec/native/natives.ts';
import { hasWeights } from '../peer/inference/yolox-nano.ts';
import { LocalServer } from '../support/fuzz/local-server.ts';
import { fuzzOffers } from '../support/fuzz/offers.ts';

const COUNT = 2000;
const SEED = 1;

describe.skipIf(!hasWeights)('POST /offer under fuzzing (skipped where the weights are not there)', () => {
  let server: LocalServer;
  beforeAll(async () => {
    server = await LocalServer.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('answers every body with an answer or a problem of a known code, never internal', async () => {
    const outcomes = await fuzzOffers({ server, count: COUNT, seed: SEED });
    expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(['answered', 'sdp-invalid', 'not-json']));
    expect(server.sessions.size).toBe(0);
    expect(liveNatives()).toBe(0);
  }, 120_000);
});
