import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OnnxBuilder } from '../../models/convert/onnx-builder.ts';
import type { EncodedFrame } from '../../peer/codec/encoder.ts';
import { NativeEncoder } from '../../peer/codec/native/encoder.ts';
import { NativeVideoFrame } from '../../peer/codec/native/video-frame.ts';
import type { SessionDescription } from '../../protocol/session.ts';
import { RtcClient } from '../support/rtc-client.ts';
import { sendUntil } from '../support/send-film.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';

const SIDE = 8;
const FRAMES = 45;

/** Knows three colours of bright pictures, and gives NaN for dark ones: the root of what is below nought. */
function fragileModel(): Uint8Array {
  const builder = new OnnxBuilder();
  builder.input('picture', 'float32', [1, 3, SIDE, SIDE]);
  const mean = builder.node('GlobalAveragePool', ['picture']);
  const level = builder.constant({ type: 'float32', shape: [1], data: Float32Array.of(0.3) });
  const root = builder.node('Sqrt', [builder.node('Sub', [mean, level])]);
  builder.output('colours', 'float32', builder.node('Flatten', [root], { axis: 1 }));
  return builder.finish();
}

const manifest = {
  id: 'fragile',
  task: 'classify',
  head: 'classes',
  file: 'fragile.onnx',
  input: {
    name: 'picture',
    width: SIDE,
    height: SIDE,
    layout: 'nchw',
    channels: 'rgb',
    mean: 0,
    scale: 1 / 255,
    fit: 'stretch',
    pad: 0,
  },
  outputs: [{ name: 'colours', dims: [1, 3] }],
  labels: ['red', 'green', 'blue'],
  threshold: 0.1,
};

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
let sightline: Sightline;
beforeAll(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'sightline-fragile-'));
  await mkdir(join(folder.path, manifest.id));
  await writeFile(join(folder.path, manifest.id, 'manifest.json'), JSON.stringify(manifest));
  await writeFile(join(folder.path, manifest.id, manifest.file), fragileModel());
  sightline = await startSightline({ SIGHTLINE_MODELS_DIR: folder.path, SIGHTLINE_MODEL: manifest.id });
});
afterAll(async () => {
  await sightline.close();
  await folder.remove();
});

/** A square of the other brightness that moves over an even picture. */
async function film(luma: number, firstTimestamp: number): Promise<EncodedFrame[]> {
  const size = { width: 320, height: 240 };
  using encoder = await NativeEncoder.open({ codec: 'H264', ...size, bitrate: 500_000, frameRate: 30 });
  const frames: EncodedFrame[] = [];
  for (let index = 0; frames.length < FRAMES; index++) {
    using picture = NativeVideoFrame.allocate(size.width, size.height, index);
    const [y, u, v] = picture.picture.planes;
    y.fill(luma);
    for (let row = 0; row < 60; row++)
      y.fill(
        luma + 30,
        row * picture.picture.strides[0] + index * 4,
        row * picture.picture.strides[0] + index * 4 + 60,
      );
    u.fill(128);
    v.fill(128);
    const encoded = await encoder.encode(picture, { keyframe: frames.length === 0 });
    if (encoded) frames.push({ ...encoded, timestamp: (firstTimestamp + frames.length * 3000) >>> 0 });
  }
  return frames;
}

it('video goes on without a model that fails again and again, and the client is told, once for each change', async () => {
  const client = await RtcClient.dial(sightline.url, { codec: 'H264' });
  const channel = client.connection.createDataChannel('control');
  const notices: { code?: string; model?: string }[] = [];
  channel.onMessage.subscribe((message) => notices.push(JSON.parse(String(message))));
  let frames = 0;
  client.on('frame', () => frames++);
  const codes = () => notices.map(({ code }) => code);

  await sendUntil(client, await film(180, 0), () => client.detections.length > 3);
  expect(codes()).toEqual([]);
  frames = 0;
  await sendUntil(client, await film(20, 20_000_000), () => codes().includes('model-failing'));
  expect(frames).toBeGreaterThan(20);
  await sendUntil(client, await film(180, 40_000_000), () => codes().includes('model-recovered'));
  expect(notices).toMatchObject([
    { type: 'notice', code: 'model-failing', task: 'classify', model: 'fragile' },
    { type: 'notice', code: 'model-recovered', task: 'classify', model: 'fragile' },
  ]);
  const description = await fetch(`${sightline.url}/sessions/${client.sessionId}`);
  expect(((await description.json()) as SessionDescription).state).toBe('connected');
  await client.close();
});
