import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nativeCodecs } from '../../peer/codec/native/codecs.ts';
import { type InferAnswer, inferAnswerSchema } from '../../protocol/infer.ts';
import { eventually } from '../support/eventually.ts';
import { footagePath, readFootage } from '../support/footage.ts';
import { encodeImage, quartersRgba } from '../support/images.ts';
import { iou } from '../support/iou.ts';
import { expectProblem } from '../support/problem.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';
import { MAN_AT_WEBCAM } from '../support/truth.ts';

const film = footagePath('asl_milk.mkv');

describe('POST /infer, from the caller to the model and back', () => {
  let sightline: Sightline;
  let image: Buffer;
  beforeAll(async () => {
    sightline = await startSightline({ SIGHTLINE_KEY: 'the-key' });
    image = await encodeImage('jpeg', { width: 64, height: 48, rgba: quartersRgba(64, 48) });
  });
  afterAll(() => sightline.close());

  const authorization = 'Bearer the-key';
  const infer = (body: Uint8Array, headers: Record<string, string> = { authorization }) =>
    fetch(new URL('/infer', sightline.url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream', ...headers },
      body: new Uint8Array(body),
    });
  const read = async (response: Response): Promise<InferAnswer> =>
    inferAnswerSchema.parse(await response.json());

  it.skipIf(film === undefined)('finds the person (skipped where there is no footage)', async () => {
    using encoder = nativeCodecs.openJpegEncoder({ quality: 90 });
    const { value: frame } = await readFootage(film ?? '', { width: 640, height: 480 }).next();
    if (!frame) throw new Error('Expected a film with a frame');
    const jpeg = await encoder.encode(frame);
    frame.close();
    const [result] = (await read(await infer(jpeg))).results;
    if (!result || 'error' in result) throw new Error(JSON.stringify(result));
    const person = result.objects.find(({ label }) => label === 'person');
    expect(person && iou(person.box, MAN_AT_WEBCAM)).toBeGreaterThan(0.7);
  });

  it('wants the key', async () => {
    await expectProblem(await infer(image, {}), 'key-required');
  });

  it('lets go of everything when the caller hangs up in the middle of a batch', async () => {
    const text = image.toString('base64');
    const sending = request(new URL('/infer', sightline.url), {
      method: 'POST',
      headers: { authorization, 'Content-Type': 'application/json', Accept: 'application/x-ndjson' },
    });
    sending.on('error', () => {});
    sending.write(`{"threshold":0.5,"images":["${text}","${text}",`);
    await new Promise((resolve) => sending.once('response', (response) => response.once('data', resolve)));
    sending.destroy();
    const [peer] = await eventually(
      () => sightline.peers(),
      ([found]) => found?.natives === 0,
    );
    expect(peer?.natives).toBe(0);
    expect((await read(await infer(image))).results).toHaveLength(1);
  });

  it('ends the answer of a media peer that dies in the middle of it', async () => {
    const text = image.toString('base64');
    const sending = request(new URL('/infer', sightline.url), {
      method: 'POST',
      headers: { authorization, 'Content-Type': 'application/json', Accept: 'application/x-ndjson' },
    });
    sending.on('error', () => {});
    sending.write(`{"threshold":0.5,"images":["${text}",`);
    const signaling = sightline.child.pid;
    const peer = Number(await readFile(`/proc/${signaling}/task/${signaling}/children`, 'utf8'));
    const ended = new Promise<boolean>((resolve) =>
      sending.once('response', (response) => {
        response.once('data', () => process.kill(peer, 'SIGKILL'));
        response.on('error', () => {}).once('close', () => resolve(response.complete));
      }),
    );
    expect(await ended).toBe(false);
  });
});
