import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HttpModel } from '../../../../peer/inference/kserve/http-model.ts';
import { noRemoteRuns } from '../../../../peer/inference/kserve/remote-counters.ts';
import { RemoteFirst } from '../../../../peer/inference/kserve/remote-first.ts';
import { ManualClock } from '../manual-clock.ts';
import { hasWeights, yoloxNano } from '../yolox-nano.ts';
import { type Conduct, OipServer } from './oip-server.ts';

const values = new Float32Array(416 * 416 * 3);

describe.skipIf(!hasWeights)('RemoteFirst (skipped where the weights of yolox-nano are not there)', () => {
  let server: OipServer;
  beforeAll(async () => {
    server = await OipServer.start(yoloxNano.path);
  });
  afterAll(() => server[Symbol.asyncDispose]());
  beforeEach(() => {
    server.conduct = 'well';
    server.misbehaveOn = Number.POSITIVE_INFINITY;
  });

  /** The clock stands still: retries are never too late, and trials come when the test says so. */
  async function open({ timeoutMs = 10_000 } = {}) {
    const clock = new ManualClock();
    const counters = noRemoteRuns();
    const moves: (string | undefined)[] = [];
    let moved = Promise.withResolvers<void>();
    const remote = new RemoteFirst({
      model: new HttpModel(yoloxNano.manifest, server.url),
      timeoutMs,
      blank: values,
      counters,
      clock,
      onMoved: (away) => {
        moves.push(away);
        moved.resolve();
        moved = Promise.withResolvers();
      },
    });
    await remote.open();
    return { remote, clock, counters, moves, nextMove: () => moved.promise };
  }

  it('asks once more where a connection breaks', async () => {
    const { remote, counters, moves } = await open();
    server.conduct = 'reset';
    server.misbehaveOn = 1;
    expect(await remote.infer(values)).toBeDefined();
    expect(counters).toMatchObject({ answered: 1, local: 0, retries: 1, failures: 1 });
    expect(moves).toEqual([undefined]);
  });

  it('asks a server that cannot do it twice more, and leaves the server alone after two failures', async () => {
    const { remote, counters, moves, clock } = await open();
    server.conduct = 'error 500';
    expect(await remote.infer(values)).toBeUndefined();
    expect(counters).toMatchObject({ local: 1, retries: 2, failures: 3 });
    expect(await remote.infer(values)).toBeUndefined();
    expect(counters).toMatchObject({ local: 2, retries: 4, failures: 6 });
    expect(moves).toEqual([undefined, expect.stringMatching(/^backend-failed: .+found 500/)]);
    const requests = server.requests.length;
    expect(await remote.infer(values)).toBeUndefined();
    expect(server.requests).toHaveLength(requests);
    expect(counters.local).toBe(3);
    remote.close();
    expect(clock.armed).toBe(0);
  });

  it.each<[Conduct, 'timeouts' | 'invalid', string]>([
    ['hang', 'timeouts', 'backend-timeout'],
    ['trickle', 'timeouts', 'backend-timeout'],
    ['rubbish', 'invalid', 'backend-invalid'],
  ])('does not ask again after: %s; goes back once a trial goes well', async (conduct, counter, code) => {
    const { remote, counters, moves, clock, nextMove } = await open({ timeoutMs: 1000 });
    server.conduct = conduct;
    for (let run = 0; run < 2; run++) expect(await remote.infer(values)).toBeUndefined();
    expect(counters).toMatchObject({ answered: 0, local: 2, retries: 0, [counter]: 2 });
    expect(moves[1]).toMatch(code);
    server.conduct = 'well';
    const back = nextMove();
    await clock.advance(1000);
    await back;
    expect(moves).toHaveLength(3);
    expect(moves[2]).toBeUndefined();
    expect(await remote.infer(values)).toBeDefined();
    expect(counters.answered).toBe(1);
  });

  it('begins on this machine where the server is not up, and waits longer after each trial that fails', async () => {
    server.conduct = 'error 500';
    const { remote, counters, moves, clock } = await open();
    expect(moves).toEqual([expect.stringMatching(/^backend-failed/)]);
    const requests = server.requests.length;
    expect(await remote.infer(values)).toBeUndefined();
    expect(server.requests).toHaveLength(requests);
    await clock.advance(999);
    expect(clock.armed).toBe(1);
    await clock.advance(1);
    expect(clock.armed).toBe(0);
    await expect.poll(() => clock.armed).toBe(1);
    expect(counters.failures).toBe(2);
    await clock.advance(1999);
    expect(clock.armed).toBe(1);
    remote.close();
    expect(moves).toHaveLength(1);
  });
});
