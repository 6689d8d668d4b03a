import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FrameJob } from '../../../peer/inference/frame-job.ts';
import type { RunRequest } from '../../../peer/inference/lane.ts';
import { Scheduler } from '../../../peer/inference/scheduler.ts';
import { SightlineError } from '../../../protocol/errors.ts';
import { FakeRunner } from './fake-runner.ts';
import { ManualClock } from './manual-clock.ts';

type Input = RunRequest;
const settled = () => new Promise(setImmediate);

class TestJob implements FrameJob<Input> {
  readonly width: number;
  readonly height = 48;
  readonly threshold = 0.5;
  readonly prepared: Input[] = [];
  released = 0;
  /** What prepare waits for. */
  gate: Promise<void> = Promise.resolve();

  /** The width tells the jobs apart where the runner sees them. */
  constructor(width: number) {
    this.width = width;
  }

  async prepare(input: Input): Promise<void> {
    this.prepared.push(input);
    await this.gate;
  }

  release(): void {
    this.released += 1;
  }
}

function setUp({ runners = 1, maxBatch = 1 } = {}) {
  const clock = new ManualClock();
  const scheduler = new Scheduler<Input>({ clock, inputFor: (_runner, request) => request });
  const workers = Array.from({ length: runners }, () => new FakeRunner());
  for (const worker of workers) {
    worker.maxBatch = maxBatch;
    scheduler.addRunner(worker);
  }
  const [worker = new FakeRunner(), other = new FakeRunner()] = workers;
  return { clock, scheduler, worker, other };
}

const widths = (worker: FakeRunner) => worker.requests.map(({ width }) => width);

describe('InferenceSource.offer()', () => {
  it('gives the objects that the worker found', async () => {
    const { scheduler, worker } = setUp();
    const person = { label: 'person', classId: 0, score: 0.9, box: { x: 0, y: 0, width: 1, height: 1 } };
    const result = scheduler.addSource().offer(new TestJob(64));
    await settled();
    await worker.finish([person]);
    expect((await result)?.objects).toEqual([person]);
    expect(worker.requests).toEqual([{ input: 0, slot: 0, width: 64, height: 48, threshold: 0.5 }]);
  });

  it('replaces the waiting frame with a newer one, which is counted, released and never prepared', async () => {
    const { scheduler, worker } = setUp();
    const source = scheduler.addSource();
    void source.offer(new TestJob(1));
    await settled();
    const older = new TestJob(2);
    const newer = new TestJob(3);
    const olderResult = source.offer(older);
    const newerResult = source.offer(newer);
    expect(await olderResult).toBeUndefined();
    expect(source.replaced).toBe(1);
    expect([older.prepared.length, older.released]).toEqual([0, 1]);
    await worker.finish();
    await worker.finish();
    expect(await newerResult).toBeDefined();
    expect(widths(worker)).toEqual([1, 3]);
  });

  it('says how long a frame waited, was prepared and was run', async () => {
    const { clock, scheduler, worker } = setUp();
    const source = scheduler.addSource();
    void source.offer(new TestJob(1));
    await settled();
    const job = new TestJob(2);
    const gate = Promise.withResolvers<void>();
    job.gate = gate.promise;
    const result = source.offer(job);
    await clock.advance(5);
    await worker.finish();
    await clock.advance(2);
    gate.resolve();
    await settled();
    await clock.advance(20);
    await worker.finish();
    expect((await result)?.timings).toEqual({ wait: 5, prepare: 2, infer: 20 });
  });

  it('rejects when prepare throws, and the source goes on', async () => {
    const { scheduler, worker } = setUp();
    const source = scheduler.addSource();
    const broken = new TestJob(1);
    broken.gate = Promise.reject(new Error('no pixels'));
    await expect(source.offer(broken)).rejects.toMatchObject({
      code: 'inference-failed',
      message: expect.stringContaining('no pixels'),
    });
    expect(broken.released).toBe(1);
    const next = source.offer(new TestJob(2));
    await settled();
    await worker.finish();
    expect(await next).toBeDefined();
  });

  it('passes on the error of a codec as it is', async () => {
    const { scheduler } = setUp();
    const broken = new TestJob(1);
    const error = new SightlineError('codec-failed', 'Cannot scale a frame');
    broken.gate = Promise.reject(error);
    await expect(scheduler.addSource().offer(broken)).rejects.toBe(error);
  });

  it('rejects when the run fails, and the source goes on', async () => {
    const { scheduler, worker } = setUp();
    const source = scheduler.addSource();
    const failing = source.offer(new TestJob(1));
    failing.catch(() => {});
    await settled();
    await worker.break(new SightlineError('inference-failed', 'Cannot run'));
    await expect(failing).rejects.toMatchObject({ code: 'inference-failed' });
    const next = source.offer(new TestJob(2));
    await settled();
    await worker.finish();
    expect(await next).toBeDefined();
  });

  it('settles the results of one source in the order of their offers, whichever worker is first', async () => {
    const { scheduler, worker, other } = setUp({ runners: 2 });
    const source = scheduler.addSource();
    const order: string[] = [];
    const first = source.offer(new TestJob(1)).then(() => order.push('first'));
    await settled();
    const second = source.offer(new TestJob(2)).then(() => order.push('second'));
    await settled();
    expect([widths(worker), widths(other)]).toEqual([[1], [2]]);
    await other.finish();
    expect(order).toEqual([]);
    await worker.finish();
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
  });

  it('prepares one frame of a source at a time, though another worker is idle', async () => {
    const { scheduler, other } = setUp({ runners: 2 });
    const source = scheduler.addSource();
    const slow = new TestJob(1);
    const gate = Promise.withResolvers<void>();
    slow.gate = gate.promise;
    const next = new TestJob(2);
    void source.offer(slow);
    void source.offer(next);
    await settled();
    expect(next.prepared).toHaveLength(0);
    gate.resolve();
    await settled();
    expect(widths(other)).toEqual([2]);
  });
});

describe('InferenceSource.close()', () => {
  it('releases the waiting frame and settles it without a result', async () => {
    const { scheduler } = setUp();
    const source = scheduler.addSource();
    void source.offer(new TestJob(1));
    await settled();
    const waiting = new TestJob(2);
    const result = source.offer(waiting);
    source.close();
    source.close();
    expect(await result).toBeUndefined();
    expect([waiting.prepared.length, waiting.released]).toEqual([0, 1]);
  });

  it('throws away what the worker finds in a frame of a closed source, and serves the next source', async () => {
    const { scheduler, worker } = setUp();
    const old = scheduler.addSource();
    const oldResult = old.offer(new TestJob(1));
    await settled();
    old.close();
    const next = scheduler.addSource().offer(new TestJob(2));
    await worker.finish([
      { label: 'person', classId: 0, score: 1, box: { x: 0, y: 0, width: 1, height: 1 } },
    ]);
    await worker.finish([]);
    expect(await oldResult).toBeUndefined();
    expect((await next)?.objects).toEqual([]);
  });

  it('keeps a frame that is being prepared until that is over, and never runs it', async () => {
    const { scheduler, worker } = setUp();
    const source = scheduler.addSource();
    const job = new TestJob(1);
    const gate = Promise.withResolvers<void>();
    job.gate = gate.promise;
    let isSettled = false;
    const result = source.offer(job).finally(() => {
      isSettled = true;
    });
    source.close();
    await settled();
    expect([job.released, isSettled]).toEqual([0, false]);
    gate.resolve();
    expect(await result).toBeUndefined();
    expect([job.released, worker.requests.length]).toEqual([1, 0]);
  });

  it('leaves a source that releases frames offered after it without a result', async () => {
    const { scheduler } = setUp();
    const source = scheduler.addSource();
    source.close();
    const late = new TestJob(1);
    expect(await source.offer(late)).toBeUndefined();
    expect(late.released).toBe(1);
  });
});

describe('Scheduler', () => {
  it('serves all sources alike, however often one of them offers', async () => {
    const { scheduler, worker } = setUp();
    const [busy, calm, third] = [scheduler.addSource(), scheduler.addSource(), scheduler.addSource()];
    void busy.offer(new TestJob(1));
    await settled();
    for (let round = 0; round < 6; round++) {
      for (let again = 0; again < 5; again++) void busy.offer(new TestJob(1));
      void calm.offer(new TestJob(2));
      void third.offer(new TestJob(3));
      await worker.finish();
    }
    const served = widths(worker).slice(1, 7);
    for (const width of [1, 2, 3]) expect(served.filter((each) => each === width)).toHaveLength(2);
  });

  it('puts the frames that wait together in one run, as many as the worker takes, one of each source', async () => {
    const { scheduler, worker } = setUp({ maxBatch: 3 });
    const sources = Array.from({ length: 5 }, () => scheduler.addSource());
    const results = sources.map((source, index) => source.offer(new TestJob(index + 1)));
    await settled();
    expect(worker.batches).toEqual([1]);
    await worker.finish();
    while (worker.running) await worker.finish();
    expect(worker.batches).toEqual([1, 3, 1]);
    expect(worker.requests.map(({ slot }) => slot)).toEqual([0, 0, 1, 2, 0]);
    for (const result of results) expect(await result).toBeDefined();
  });

  it('runs the others of a batch where one of its frames could not be prepared', async () => {
    const { scheduler, worker } = setUp({ maxBatch: 3 });
    const [first, broken, third] = [scheduler.addSource(), scheduler.addSource(), scheduler.addSource()];
    void first.offer(new TestJob(1));
    await settled();
    const spoiled = new TestJob(2);
    spoiled.gate = Promise.reject(new Error('no pixels'));
    const failing = expect(broken.offer(spoiled)).rejects.toThrow('no pixels');
    const fine = third.offer(new TestJob(3));
    await worker.finish();
    await failing;
    await worker.finish();
    expect(await fine).toBeDefined();
    expect(worker.batches).toEqual([1, 1]);
    expect(spoiled.released).toBe(1);
  });

  it('serves the source that was served longest ago, whichever frame came first', async () => {
    const { clock, scheduler, worker } = setUp();
    const [seldom, often] = [scheduler.addSource(), scheduler.addSource()];
    void often.offer(new TestJob(1));
    await settled();
    await clock.advance(20);
    await worker.finish();
    void often.offer(new TestJob(2));
    await settled();
    void often.offer(new TestJob(3));
    await clock.advance(1);
    void seldom.offer(new TestJob(100));
    await worker.finish();
    await worker.finish();
    expect(widths(worker)).toEqual([1, 2, 100, 3]);
  });

  it('hands a worker the next run before the one in progress is over, and no third', async () => {
    const { clock, scheduler, worker } = setUp();
    const [third, second, first] = [scheduler.addSource(), scheduler.addSource(), scheduler.addSource()];
    void first.offer(new TestJob(0));
    await settled();
    await clock.advance(20);
    await worker.finish();
    void first.offer(new TestJob(1));
    await settled();
    const result = second.offer(new TestJob(2));
    await clock.advance(19);
    void third.offer(new TestJob(3));
    expect(worker.requests.map(({ input }) => input)).toEqual([0, 1, 0]);
    await clock.advance(6);
    expect(worker.requests).toHaveLength(3);
    await worker.finish();
    await clock.advance(20);
    await worker.finish();
    // What the second run took counts from the end of the first
    expect((await result)?.timings).toMatchObject({ infer: 20, wait: 25 });
  });

  it('takes the next frame only shortly before the worker is expected to be free, and then the newest', async () => {
    const { clock, scheduler, worker } = setUp();
    const source = scheduler.addSource();
    void source.offer(new TestJob(1));
    await settled();
    await clock.advance(20);
    await worker.finish();
    const [running, early, late] = [new TestJob(2), new TestJob(3), new TestJob(4)];
    void source.offer(running);
    await settled();
    void source.offer(early);
    await clock.advance(15);
    expect(early.prepared).toHaveLength(0);
    void source.offer(late);
    await clock.advance(4);
    expect([early.prepared.length, late.prepared.length]).toEqual([0, 1]);
    // Prepared is released, though the worker is not free yet
    expect([worker.running, late.released]).toEqual([true, 1]);
    expect(late.prepared[0]?.input).not.toBe(running.prepared[0]?.input);
    await worker.finish();
    expect(widths(worker)).toEqual([1, 2, 4]);
  });

  it('leaves waiting frames to the worker that takes the place of one that was lost', async () => {
    const { scheduler, worker } = setUp();
    const source = scheduler.addSource();
    const running = source.offer(new TestJob(1));
    running.catch(() => {});
    await settled();
    const waiting = source.offer(new TestJob(2));
    scheduler.removeRunner(worker);
    await worker.break(new SightlineError('inference-failed', 'Worker lost'));
    await expect(running).rejects.toMatchObject({ code: 'inference-failed' });
    const replacement = new FakeRunner();
    scheduler.addRunner(replacement);
    await settled();
    await replacement.finish();
    expect(await waiting).toBeDefined();
  });

  it('rejects waiting and later frames once it is closed, and leaves no timer', async () => {
    const { clock, scheduler, worker } = setUp();
    const source = scheduler.addSource();
    void source.offer(new TestJob(1));
    await settled();
    await clock.advance(20);
    await worker.finish();
    const jobs = [new TestJob(2), new TestJob(3), new TestJob(4)] as const;
    const running = source.offer(jobs[0]);
    running.catch(() => {});
    await settled();
    const waiting = source.offer(jobs[1]);
    waiting.catch(() => {});
    expect(clock.armed).toBe(1);
    const error = new SightlineError('inference-failed', 'Closed');
    scheduler.close(error);
    await expect(running).rejects.toBe(error);
    await expect(waiting).rejects.toBe(error);
    await expect(source.offer(jobs[2])).rejects.toBe(error);
    await expect(scheduler.addSource().offer(new TestJob(5))).rejects.toBe(error);
    expect(jobs.map((job) => job.released)).toEqual([1, 1, 1]);
    expect(clock.armed).toBe(0);
  });

  it('settles and releases every frame exactly once, whatever happens in whatever order', async () => {
    const step = fc.record({
      kind: fc.constantFrom('offer', 'finish', 'break', 'close', 'tick'),
      at: fc.nat(2),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { clock, scheduler, worker, other } = setUp({ runners: 2 });
        const sources = [0, 1, 2].map(() => scheduler.addSource());
        const offered: { job: TestJob; result: Promise<unknown> }[] = [];
        for (const { kind, at } of steps) {
          const runner = [worker, other][at % 2] ?? worker;
          if (kind === 'offer') {
            const job = new TestJob(offered.length);
            const result = sources[at]?.offer(job) ?? Promise.resolve();
            result.catch(() => {});
            offered.push({ job, result });
          } else if (kind === 'finish' && runner.running) await runner.finish();
          else if (kind === 'break' && runner.running) await runner.break(new Error('broken'));
          else if (kind === 'close') sources[at]?.close();
          else await clock.advance(7);
        }
        await settled();
        scheduler.close(new SightlineError('inference-failed', 'Over'));
        await Promise.allSettled(offered.map(({ result }) => result));
        expect(offered.every(({ job }) => job.released === 1)).toBe(true);
        expect(clock.armed).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
