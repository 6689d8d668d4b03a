import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HttpModel } from '../../../../peer/inference/kserve/http-model.ts';
import { hasWeights, yoloxNano } from '../yolox-nano.ts';
import { type Conduct, OipServer } from './oip-server.ts';

const { manifest, path } = yoloxNano;
const values = Float32Array.from({ length: 416 * 416 * 3 }, (_, index) => (index * 7) % 256);
const AMPLE_MS = 10_000;

describe.skipIf(!hasWeights)('HttpModel (skipped where the weights of yolox-nano are not there)', () => {
  let server: OipServer;
  let expected: Float32Array;
  beforeAll(async () => {
    server = await OipServer.start(path);
    const session = await InferenceSession.create(path, { intraOpNumThreads: 1, logSeverityLevel: 3 });
    const { output } = await session.run({ images: new Tensor('float32', values, [1, 3, 416, 416]) });
    expected = output?.data as Float32Array;
  });
  afterAll(() => server[Symbol.asyncDispose]());
  beforeEach(() => {
    server.conduct = 'well';
    server.misbehaveOn = Number.POSITIVE_INFINITY;
    server.inputShape = [-1, 3, 416, 416];
    server.requests.length = 0;
  });

  const connected = async () => {
    const model = new HttpModel(manifest, `${server.url}/`);
    await model.connect(values);
    return model;
  };

  it.each([
    ['well', 'binary'],
    ['without the binary extension', 'json'],
  ] as const)(
    'infer() gives what the model gives here, from a server that answers %s',
    async (conduct, form) => {
      server.conduct = conduct;
      const model = await connected();
      const { output } = await model.infer(values, AMPLE_MS);
      expect(output?.dims).toEqual([1, 3549, 85]);
      expect(output?.data).toEqual(expected);
      expect(server.requests.at(-1)).toBe(form);
    },
  );

  it.each<[Conduct, string, RegExp]>([
    ['hang', 'backend-timeout', /expected an answer within 100 ms/],
    ['trickle', 'backend-timeout', /expected an answer within 100 ms/],
    ['error 500', 'backend-failed', /expected status 200, found 500 .+out of memory/],
    ['reset', 'backend-failed', /expected an inference server, found: socket hang up/],
    ['error 404', 'backend-invalid', /expected status 200, found 404 .+no such model/],
    ['rubbish', 'backend-invalid', /expected output FP32\[1,3549,85\], found .+not valid JSON/],
    ['wrong shape', 'backend-invalid', /found output FP32\[1,3549,25\]/],
    ['wrong type', 'backend-invalid', /found output FP16\[1,3549,85\]/],
    ['too few values', 'backend-invalid', /found 301664 values/],
    ['cut short', 'backend-invalid', /found the output output cut short/],
    ['too long a header', 'backend-invalid', /found a JSON part of 1000000000 bytes/],
    ['endless', 'backend-invalid', /expected an answer of at most \d+ bytes, found a longer one/],
  ])('infer() refuses to wait for, or to believe: %s', async (conduct, code, message) => {
    const model = await connected();
    server.conduct = conduct;
    const isLate = code === 'backend-timeout';
    const error = model.infer(values, isLate ? 100 : AMPLE_MS);
    await expect(error).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('connect() refuses a model with another input, and says which', async () => {
    server.inputShape = [1, 3, 640, 640];
    await expect(connected()).rejects.toMatchObject({
      code: 'backend-invalid',
      message: expect.stringMatching(/images FP32\[1,3,416,416\], found images FP32\[1,3,640,640\]/),
    });
  });

  it('connect() refuses a server that does not have the model', async () => {
    const model = new HttpModel({ ...manifest, id: 'other' }, server.url);
    await expect(model.connect(values)).rejects.toMatchObject({ code: 'backend-invalid' });
  });
});

describe('HttpModel.connect()', () => {
  it('says that nothing listens', async () => {
    const model = new HttpModel(manifest, 'http://127.0.0.1:9');
    await expect(model.connect(values)).rejects.toMatchObject({
      code: 'backend-failed',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
