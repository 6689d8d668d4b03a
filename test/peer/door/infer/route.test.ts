import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nativeCodecs } from '../../../../peer/codec/native/codecs.ts';
import { addInfer } from '../../../../peer/door/infer/route.ts';
import { Door } from '../../../../peer/door/server.ts';
import { Engines } from '../../../../peer/engines.ts';
import { createLogger } from '../../../../peer/log.ts';
import { type InferAnswer, inferAnswerSchema } from '../../../../protocol/infer.ts';
import { eventually } from '../../../support/eventually.ts';
import { encodeImage, pngOf, quartersRgba } from '../../../support/images.ts';
import { expectProblem } from '../../../support/problem.ts';
import { hasWeights } from '../../inference/yolox-nano.ts';

const log = createLogger('silent', 'test');
const config = {
  modelsDir: process.env['SIGHTLINE_MODELS_DIR'],
  cacheDir: fileURLToPath(new URL('../../../../.cache/models', import.meta.url)),
  model: undefined,
  inferenceWorkers: 1,
  inferenceThreads: 1,
};
const quarters = { width: 64, height: 48, rgba: quartersRgba(64, 48) };
const bomb = pngOf({ width: 10_000, height: 10_000, depth: 1, colourType: 0 }, new Uint8Array(1));

describe.skipIf(!hasWeights)('POST /infer (skipped where the weights of yolox-nano are not there)', () => {
  let engines: Engines;
  let door: Door;
  let jpeg: Buffer;
  beforeAll(async () => {
    engines = await Engines.open(config, log);
    door = await Door.open({ host: '127.0.0.1', port: 0, url: undefined, log });
    addInfer(door, { codecs: nativeCodecs, models: engines, log });
    jpeg = await encodeImage('jpeg', quarters);
  });
  afterAll(async () => {
    await door.close();
    await engines.close();
    expect(nativeCodecs.live).toBe(0);
  });

  function infer(body: object | string, type?: string, { accept = '*/*', query = '' } = {}) {
    const headers = new Headers({ Authorization: `Bearer ${door.address.token}`, Accept: accept });
    if (type !== undefined) headers.set('Content-Type', type);
    const init = { method: 'POST', headers, body: body as BodyInit, duplex: 'half' as const };
    return fetch(new URL(`/infer${query}`, door.address.url), init);
  }

  const asJson = (images: readonly Uint8Array[], settings: object = {}) =>
    JSON.stringify({ ...settings, images: images.map((bytes) => Buffer.from(bytes).toString('base64')) });
  const json = (body: string, options = {}) => infer(body, 'application/json', options);
  const read = async (response: Response): Promise<InferAnswer> => {
    expect(response.status).toBe(200);
    return inferAnswerSchema.parse(await response.json());
  };
  const codes = ({ results }: InferAnswer) =>
    results.map((result) => ('error' in result ? result.error.code : result.width));

  it.each(['jpeg', 'png', 'webp'] as const)('takes a %s as it is', async (format) => {
    const { results } = await read(await infer(await encodeImage(format, quarters), `image/${format}`));
    expect(results).toMatchObject([{ width: 64, height: 48, task: 'detect', model: 'yolox-nano' }]);
  });

  it('takes JSON, and answers in the order of the images, with errors in their place', async () => {
    const odd = await encodeImage('png', { width: 33, height: 17, rgba: quartersRgba(33, 17) });
    const truncated = jpeg.subarray(0, jpeg.length - 9);
    const body = asJson([jpeg, truncated, odd, bomb, Buffer.from('GIF89a and more'), Buffer.alloc(0), jpeg]);
    const answer = await read(await json(body.replace(']}', ',"?"]}')));
    expect(codes(answer)).toEqual([
      64,
      'image-invalid',
      33,
      'image-too-large',
      'image-unsupported',
      'image-invalid',
      64,
      'base64-invalid',
    ]);
  });

  it('takes a form with several images, and settings before or behind them', async () => {
    for (const order of [true, false]) {
      const form = new FormData();
      if (order) form.append('threshold', '0.9');
      for (const name of ['a', 'b'])
        form.append(name, new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }), 'a.jpg');
      if (!order) form.append('threshold', '0.9');
      expect(codes(await read(await infer(form)))).toEqual([64, 64]);
    }
  });

  it('heeds task, model, threshold and classes, of the address and of the body', async () => {
    const segmented = await read(await infer(jpeg, 'image/jpeg', { query: '?task=segment&threshold=0.5' }));
    expect(segmented.results).toMatchObject([{ task: 'segment', mask: { runs: expect.any(Array) } }]);
    const other = await read(await json(asJson([jpeg], { model: 'selfie-segmentation' })));
    expect(other.results).toMatchObject([{ model: 'selfie-segmentation' }]);
    const behind = { images: [jpeg.toString('base64')], task: 'segment' };
    expect((await read(await json(JSON.stringify(behind)))).results).toMatchObject([{ task: 'segment' }]);
  });

  it('draws into one image where image/jpeg is asked for', async () => {
    const response = await infer(jpeg, 'image/jpeg', { accept: 'image/jpeg', query: '?threshold=0.01' });
    expect(response.headers.get('Content-Type')).toBe('image/jpeg');
    using drawn = await nativeCodecs.decodeImage(new Uint8Array(await response.arrayBuffer()), {
      maxPixels: 10_000,
    });
    expect([drawn.width, drawn.height]).toEqual([64, 48]);
    await expectProblem(await json(asJson([jpeg, jpeg]), { accept: 'image/jpeg' }), 'not-acceptable');
    await expectProblem(await infer(bomb, 'image/png', { accept: 'image/jpeg' }), 'image-too-large');
  });

  it('sends each line while the next image is still to come', async () => {
    const [first, rest] = [asJson([jpeg], { threshold: 0.5 }).slice(0, -2), asJson([jpeg]).slice(11)];
    const body = new TransformStream<Uint8Array, Uint8Array>();
    const writer = body.writable.getWriter();
    void writer.write(Buffer.from(`${first},`));
    const response = await infer(body.readable, 'application/json', { accept: 'application/x-ndjson' });
    expect(response.headers.get('Content-Type')).toMatch(/^application\/x-ndjson/);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect(JSON.parse((await reader?.read())?.value ?? '')).toMatchObject({ width: 64 });
    void writer.write(Buffer.from(rest));
    void writer.close();
    let lines = '';
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
      lines += part.value;
    expect(lines.trim().split('\n')).toHaveLength(1);
    expect(lines.endsWith('\n')).toBe(true);
  });

  it('takes 64 images, and tells a 65th by the status, or in the last line', async () => {
    const small = await encodeImage('png', { width: 2, height: 2, rgba: quartersRgba(2, 2) });
    // A small model, settings in front.
    const many = (count: number) => asJson(Array(count).fill(small), { task: 'segment' });
    expect((await read(await json(many(64)))).results).toHaveLength(64);
    await expectProblem(await json(many(65)), 'too-many-images');
    const response = await json(many(65), { accept: 'application/x-ndjson' });
    const lines = (await response.text()).trim().split('\n');
    expect(lines).toHaveLength(65);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ error: { code: 'too-many-images' } });
  });

  it.each([
    ['nothing', '', 'image/jpeg', 'images-missing'],
    ['no images', '{"images":[]}', 'application/json', 'images-missing'],
    ['a form without images', new URLSearchParams('a=b'), undefined, 'media-type-unsupported'],
    ['another type', 'x', 'text/plain', 'media-type-unsupported'],
    ['half a document', '{"images":["', 'application/json', 'not-json'],
    ['other JSON', '{"image":"AAAA"}', 'application/json', 'infer-invalid'],
    ['a setting that is none', '{"task":"cats","images":["AAAA"]}', 'application/json', 'infer-invalid'],
    ['a misspelt setting', '{"treshold":1,"images":["AAAA"]}', 'application/json', 'infer-invalid'],
    ['a model that is none', '{"model":"cats","images":["AAAA"]}', 'application/json', 'model-unknown'],
    ['a label that is none', '{"classes":["cats"],"images":["AAAA"]}', 'application/json', 'tasks-invalid'],
    ['a form without boundary', 'x', 'multipart/form-data', 'infer-invalid'],
    ['a form that is cut short', '--b\r\n', 'multipart/form-data; boundary=b', 'infer-invalid'],
  ] as const)('refuses %s: %s', async (_, body, type, code) => {
    await expectProblem(await infer(body, type), code);
  });

  it('refuses a form of which a file is cut short', async () => {
    const head = '--b\r\nContent-Disposition: form-data; name="a"; filename="a.jpg"\r\n\r\n';
    const cut = Buffer.concat([Buffer.from(head), jpeg.subarray(0, 200)]);
    await expectProblem(await infer(cut, 'multipart/form-data; boundary=b'), 'infer-invalid');
  });

  it('refuses what nobody can answer', async () => {
    await expectProblem(await infer(jpeg, 'image/jpeg', { accept: 'text/html' }), 'not-acceptable');
  });

  it('refuses a ninth request at a time, and takes one again when another has ended', async () => {
    const bodies = Array.from({ length: 8 }, () => new TransformStream<Uint8Array, Uint8Array>());
    const writers = bodies.map(({ writable }) => writable.getWriter());
    const asked = bodies.map(({ readable }) => infer(readable, 'image/jpeg'));
    for (const writer of writers) void writer.write(jpeg);
    const refused = await eventually(
      () => infer(jpeg, 'image/jpeg'),
      ({ status }) => status === 429,
      { intervalMs: 5 },
    );
    expect(refused.headers.get('Retry-After')).toBe('1');
    await expectProblem(refused, 'infer-busy');
    for (const writer of writers) void writer.close();
    for (const response of await Promise.all(asked)) expect(codes(await read(response))).toEqual([64]);
    await read(await infer(jpeg, 'image/jpeg'));
  });

  it('lets go of everything when the caller hangs up in the middle', async () => {
    const body = new TransformStream<Uint8Array, Uint8Array>();
    const writer = body.writable.getWriter();
    void writer.write(Buffer.from(`${asJson([jpeg], { threshold: 0.5 }).slice(0, -2)},`));
    const headers = { Authorization: `Bearer ${door.address.token}`, Accept: 'application/x-ndjson' };
    const hangUp = new AbortController();
    const response = await fetch(new URL('/infer', door.address.url), {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: body.readable,
      duplex: 'half',
      signal: hangUp.signal,
    } as RequestInit);
    await response.body?.getReader().read();
    hangUp.abort();
    await eventually(
      async () => nativeCodecs.live,
      (live) => live === 0,
      { intervalMs: 5 },
    );
  });
});
