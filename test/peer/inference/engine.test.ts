import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { NativeScaler } from '../../../peer/codec/native/scaler.ts';
import { Engine } from '../../../peer/inference/engine.ts';
import type { FrameJob } from '../../../peer/inference/frame-job.ts';
import type { SharedInput } from '../../../peer/inference/shared-input.ts';
import { footagePath, readFootage } from '../../support/footage.ts';
import { hasWeights, yoloxNano } from './yolox-nano.ts';

const needsWeights = it.skipIf(!hasWeights);
const film = footagePath('asl_milk.mkv');
const one = { model: yoloxNano, workers: 1, threads: 1 };

/** A frame of one grey. */
function greyFrame(prepare: (input: SharedInput) => Promise<void> | void = () => {}): FrameJob<SharedInput> {
  return {
    width: 640,
    height: 480,
    threshold: 0.3,
    prepare: async (input) => {
      input.pixels.fill(128);
      await prepare(input);
    },
    release: () => {},
  };
}

/** Threads that are started while the action runs, as Node itself announces them. */
async function threadsStartedBy<T>(action: () => Promise<T>): Promise<{ threads: Worker[]; value: T }> {
  const threads: Worker[] = [];
  const note = (thread: Worker) => threads.push(thread);
  process.on('worker', note);
  try {
    return { value: await action(), threads };
  } finally {
    process.off('worker', note);
  }
}

const openHandles = () => process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort/.test(name));

async function expectUnreadable(content: Buffer): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sightline-'));
  const path = join(folder, 'broken.onnx');
  try {
    await writeFile(path, content);
    await expect(Engine.open({ ...one, model: { ...yoloxNano, path } })).rejects.toMatchObject({
      code: 'model-unreadable',
      message: expect.stringMatching(/broken\.onnx: expected .+, found: .+ fetch it anew/s),
    });
    expect(openHandles()).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('Engine.open()', () => {
  it.each([
    ['rubbish', Buffer.alloc(10_000, 'rubbish')],
    ['an empty file', Buffer.alloc(0)],
  ])('refuses %s, names it and says what to do', (_title, content) => expectUnreadable(content));

  needsWeights('refuses a truncated file (needs the weights of yolox-nano)', async () => {
    const whole = await readFile(yoloxNano.path);
    await expectUnreadable(whole.subarray(0, whole.length / 2));
  });

  it('refuses a file that is not there', async () => {
    const opening = Engine.open({ ...one, model: { ...yoloxNano, path: '/nowhere/absent.onnx' } });
    await expect(opening).rejects.toMatchObject({
      code: 'model-unreadable',
      message: expect.stringContaining('absent.onnx'),
    });
  });

  needsWeights(
    'refuses a model that is not the one of the manifest (needs the weights of yolox-nano)',
    async () => {
      const outputs = [{ name: 'output', dims: [1, 3549, 25] }];
      const model = { ...yoloxNano, manifest: { ...yoloxNano.manifest, outputs } };
      await expect(Engine.open({ ...one, workers: 2, model })).rejects.toMatchObject({
        code: 'model-contract-mismatch',
        message: expect.stringMatching(/yolox_nano\.onnx.+\[1,3549,25\].+\[1,3549,85\]/),
      });
      expect(openHandles()).toEqual([]);
    },
  );
});

describe('Engine', () => {
  it.skipIf(!hasWeights || !film)(
    'finds the person in a film (needs the weights of yolox-nano and the footage asl_milk.mkv)',
    async () => {
      await using engine = await Engine.open(one);
      const source = engine.addSource();
      using scaler = new NativeScaler();
      for await (const frame of readFootage(film ?? '', { width: 640, height: 480 })) {
        const result = await source.offer({
          width: 640,
          height: 480,
          threshold: 0.3,
          prepare: ({ width, height, pixels, stride }) => scaler.scale(frame, width, height, pixels, stride),
          release: () => frame.close(),
        });
        const [best] = result?.objects ?? [];
        expect(best?.label).toBe('person');
        expect(best?.score).toBeGreaterThan(0.7);
        // He sits in the middle and fills most of the height
        const middle = (best?.box.x ?? 0) + (best?.box.width ?? 0) / 2;
        expect(middle).toBeGreaterThan(0.3);
        expect(middle).toBeLessThan(0.7);
        expect(best?.box.height).toBeGreaterThan(0.5);
        break;
      }
    },
  );

  needsWeights(
    'replaces a worker that dies; only the frame in it fails (needs the weights of yolox-nano)',
    async () => {
      const { value: engine, threads } = await threadsStartedBy(() => Engine.open(one));
      await using _ = engine;
      const source = engine.addSource();
      // Between runs: a thread that is terminated inside the native call takes the process with it
      const lost = source.offer(greyFrame(async () => void (await threads[0]?.terminate())));
      await expect(lost).rejects.toMatchObject({
        code: 'inference-failed',
        message: expect.stringContaining('yolox-nano'),
      });
      const next = await source.offer(greyFrame());
      expect(next?.objects).toEqual([]);
      expect(engine.stats()).toMatchObject({ workers: 1, restarts: 1 });
    },
  );

  needsWeights(
    'closes itself once its worker has died too often (needs the weights of yolox-nano)',
    async () => {
      const threads: Worker[] = [];
      const note = (thread: Worker) => threads.push(thread);
      process.on('worker', note);
      const engine = await Engine.open(one);
      const source = engine.addSource();
      for (let death = 0; death < 6; death++) {
        const lost = source.offer(greyFrame(async () => void (await threads.at(-1)?.terminate())));
        await expect(lost).rejects.toMatchObject({ code: 'inference-failed' });
      }
      process.off('worker', note);
      expect(await engine.closed).toBe('no worker is left');
      await expect(source.offer(greyFrame())).rejects.toMatchObject({
        message: expect.stringContaining('closed'),
      });
      expect(engine.stats()).toMatchObject({ workers: 0, restarts: 5 });
    },
  );

  needsWeights(
    'close() during a run rejects it and leaves no thread (needs the weights of yolox-nano)',
    async () => {
      const engine = await Engine.open({ ...one, workers: 2 });
      const released: string[] = [];
      const source = engine.addSource();
      const first = source.offer({ ...greyFrame(), release: () => void released.push('first') });
      first.catch(() => {});
      await new Promise(setImmediate);
      expect(openHandles().length).toBeGreaterThan(0);
      await Promise.all([engine.close('test over'), engine.close('again')]);
      await expect(first).rejects.toMatchObject({ message: expect.stringContaining('test over') });
      expect(released).toEqual(['first']);
      expect(await engine.closed).toBe('test over');
      expect(openHandles()).toEqual([]);
    },
  );

  needsWeights('leaves the thread it is used on nearly idle (needs the weights of yolox-nano)', async () => {
    await using engine = await Engine.open(one);
    const source = engine.addSource();
    const before = performance.eventLoopUtilization();
    let inferMs = 0;
    for (let run = 0; run < 20; run++) inferMs += (await source.offer(greyFrame()))?.timings.infer ?? 0;
    const { active, utilization } = performance.eventLoopUtilization(before);
    expect(inferMs).toBeGreaterThan(0);
    // On this thread session.run() would make it 1
    expect(utilization).toBeLessThan(0.5);
    expect(active).toBeLessThan(inferMs / 2);
  });
});
