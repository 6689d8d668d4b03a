import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { nativeCodecs } from '../../../peer/codec/native/codecs.ts';
import { fromServerSchema } from '../../../protocol/frame-messages.ts';
import { type FrameFormat, type FrameHeader, writeFrameHeader } from '../../../protocol/frames.ts';
import { eventually } from '../../support/eventually.ts';
import { encodeImage, pngOf, quartersRgba } from '../../support/images.ts';
import { hasWeights } from '../inference/yolox-nano.ts';
import { FramesClient } from './frames-client.ts';
import { partsOf } from './mjpeg-parts.ts';
import { PicturesDoor, type TestFeed } from './pictures-door.ts';

const [width, height] = [64, 48];
const rgba = quartersRgba(width, height);
const bomb = pngOf({ width: 30_000, height: 30_000, depth: 1, colourType: 0 }, new Uint8Array(1));

describe.skipIf(!hasWeights)('/ws/frames (skipped without the weights of yolox-nano)', () => {
  let test: PicturesDoor;
  let client: FramesClient;
  let jpeg: Buffer;
  beforeAll(async () => {
    [test, jpeg] = await Promise.all([PicturesDoor.open(), encodeImage('jpeg', { width, height, rgba })]);
  });
  afterEach(async () => {
    client?.close();
    await eventually(
      async () => test.sessions.size,
      (size) => size === 0,
    );
  });
  afterAll(async () => {
    await test.close();
    expect(nativeCodecs.live).toBe(0);
  });

  const open = async (query?: string) => {
    client = await FramesClient.open(test.connect(query));
    return client;
  };
  const rgb24 = () =>
    Uint8Array.from({ length: width * height * 3 }, (_, at) => rgba[Math.floor(at / 3) * 4 + (at % 3)] ?? 0);
  const i420 = () => new Uint8Array((width * height * 3) / 2).fill(128);

  it('is a session: results come back with the number of their frame, and each is acknowledged', async () => {
    const { session } = await open('?threshold=0.4');
    expect(session).toMatchObject({ role: 'sender', credits: 2, sessionId: expect.stringMatching(/^test-/) });
    const first = 1_764_000_000_000;
    for (const sequence of [3, 4, 900]) {
      client.send({ sequence, captureTime: first + sequence }, jpeg);
      expect(await client.next('ack')).toMatchObject({ frame: sequence, dropped: 0 });
    }
    const result = await client.next('detections');
    expect(result).toMatchObject({ width, height, task: 'detect', sessionId: session.sessionId });
    expect(result.captureTime).toBe(first + (result.frame ?? 0));
    const described = test.sessions.describe(session.sessionId);
    expect(described).toMatchObject({ via: 'websocket', state: 'connected', threshold: 0.4 });
    expect(described.tracks).toMatchObject([{ codec: 'jpeg', width, height, framesIn: 3 }]);
  });

  it.each(['jpeg', 'png', 'webp', 'rgb24', 'i420'] as const)('takes %s', async (format) => {
    await open('?annotated=1&quality=95');
    const payload =
      { rgb24: rgb24, i420: i420 }[format as 'rgb24']?.() ??
      (await encodeImage(format as 'jpeg', { width, height, rgba }));
    client.send({ format, sequence: 1 }, payload);
    const { header, payload: picture } = await client.nextFrame();
    expect(header).toMatchObject({ format: 'jpeg', width, height, sequence: 1 });
    using frame = await nativeCodecs.decodeImage(picture, { maxPixels: 1e6 });
    // In the middle of the red quarter; the grey of I420 is the same everywhere
    const [y, u, v] = frame.picture.planes.map(
      (plane, index) => plane[(12 * (frame.picture.strides[index] ?? 0)) / (index ? 2 : 1) + 8] ?? 0,
    );
    const expected = format === 'i420' ? [128, 128, 128] : [81, 90, 240];
    for (const [index, found] of [y, u, v].entries())
      expect(Math.abs((found ?? 0) - (expected[index] ?? 0))).toBeLessThan(8);
  });

  it.each([
    ['a header that is cut short', 'frame-header-invalid', () => Buffer.alloc(20)],
    ['a wrong header length', 'frame-header-invalid', () => changed(5, 24)],
    ['a wrong picture length', 'frame-header-invalid', () => changed(11, 1)],
    ['an unknown format', 'frame-format-unsupported', () => changed(3, 9)],
    ['raw pixels of another size', 'frame-header-invalid', () => frame('rgb24', Buffer.alloc(5))],
    ['another size than the picture has', 'frame-header-invalid', () => frame('jpeg', jpeg, { width: 65 })],
    ['a bomb', 'image-too-large', () => frame('png', bomb, { width: 0, height: 0 })],
    [
      'raw pixels of a bomb',
      'image-too-large',
      () => frame('i420', Buffer.alloc(4000 * 2500 * 1.5), { width: 4000, height: 2500 }),
    ],
    [
      'a picture of another kind',
      'image-unsupported',
      () => frame('png', Buffer.from('GIF89a and more than that')),
    ],
    ['a picture that is cut short', 'image-invalid', () => frame('jpeg', jpeg.subarray(0, jpeg.length / 2))],
    ['text', 'frame-message-invalid', () => jpeg.toString('base64')],
    ['text of another kind', 'frame-message-invalid', () => '{"type":"play"}'],
    ['too long a text', 'frame-message-invalid', () => `"${'x'.repeat(20_000)}"`],
    ['settings that cannot be', 'frame-message-invalid', () => '{"type":"configure","threshold":7}'],
    ['a model that is not there', 'model-unknown', () => '{"type":"configure","id":5,"model":"nothing"}'],
  ])('answers %s with %s, and goes on', async (_, code, make) => {
    await open();
    client.socket.send(make());
    expect(await client.next('error')).toMatchObject({ code });
    client.send({ sequence: 8 }, jpeg);
    expect(await client.next('ack')).toMatchObject({ frame: 8 });
  });

  function frame(format: FrameFormat, payload: Buffer, fields: Partial<FrameHeader> = {}): Buffer {
    const header = {
      format,
      payloadLength: payload.length,
      width,
      height,
      sequence: 1,
      captureTime: 0,
      rtpTimestamp: 0,
    };
    return Buffer.concat([writeFrameHeader({ ...header, ...fields }), payload]);
  }
  function changed(offset: number, value: number): Buffer {
    const message = frame('jpeg', jpeg);
    message[offset] = value;
    return message;
  }

  it('changes settings while frames come', async () => {
    await open();
    client.tell({ type: 'configure', id: 'a', threshold: 0.9, annotated: true });
    expect(await client.next('configured')).toMatchObject({ id: 'a', threshold: 0.9, annotated: true });
    client.send({ sequence: 1 }, jpeg);
    expect((await client.nextFrame()).header.sequence).toBe(1);
    client.tell({ type: 'ack', frame: 1 });
    client.tell({ type: 'configure', annotated: false });
    expect(await client.next('configured')).toMatchObject({ annotated: false });
  });

  it('keeps the newest of a sender that waits for nothing, and counts the others', async () => {
    await open();
    const count = 40;
    for (let sequence = 1; sequence <= count; sequence++) client.send({ sequence }, jpeg);
    const acks = [];
    do acks.push(await client.next('ack'));
    while (acks.at(-1)?.['frame'] !== count);
    const dropped = Number(acks.at(-1)?.['dropped']);
    expect(dropped).toBe(count - acks.length);
    expect(dropped).toBeGreaterThan(0);
    expect(await client.next('stats')).toMatchObject({ in: { frames: count, dropped, refused: 0 } });
  });

  it('sends no more than two frames to a client that acknowledges none', async () => {
    await open('?annotated=1');
    for (let sequence = 1; sequence <= 6; sequence++) {
      client.send({ sequence }, jpeg);
      await client.next('ack');
    }
    client.send({ sequence: 7 }, jpeg);
    const first = await client.nextFrame();
    const second = await client.nextFrame();
    expect([first.header.sequence, second.header.sequence]).toEqual([1, 2]);
    await client.next('ack');
    expect(client.framesWaiting).toBe(0);
    client.tell({ type: 'ack', frame: 2 });
    // The newest there is, not the oldest that was missed
    expect((await client.nextFrame()).header.sequence).toBe(7);
    const { out } = await eventually(
      async () => (await client.next('stats')) as { out: { frames: number; dropped: number } },
      (stats) => stats.out.frames === 3,
    );
    expect(out.dropped).toBe(4);
  });

  it('shows the session to those who watch it', async () => {
    const { session } = await open();
    client.send({ sequence: 70 }, jpeg);
    await client.next('ack');
    const [watcher, mjpeg] = await Promise.all([
      FramesClient.open(test.connect(`?session=${session.sessionId}`)),
      test.get(`/sessions/${session.sessionId}/mjpeg`),
    ]);
    expect(watcher.session).toMatchObject({ role: 'watcher', credits: 0 });
    const parts = partsOf(mjpeg);
    const seen = { headers: [] as number[], results: [] as number[], parts: [] as number[] };
    // A model looks at some frames a second only
    for (let sequence = 71; !seen.results.some((stamp) => seen.headers.includes(stamp)); sequence++) {
      client.send({ sequence }, jpeg);
      const { header } = await watcher.nextFrame();
      watcher.tell({ type: 'ack', frame: header.sequence });
      seen.headers.push(header.rtpTimestamp);
      const part = await parts.next();
      seen.parts.push(Number(part.value?.headers.get('X-Rtp-Timestamp')));
      seen.results.push(...watcher.taken('detections').map(({ rtpTimestamp }) => rtpTimestamp));
    }
    expect(seen.parts).toEqual(seen.headers);
    await parts.return(undefined);
    watcher.socket.send(frame('jpeg', jpeg));
    expect(await watcher.next('error')).toMatchObject({ code: 'frame-unexpected' });
    watcher.tell({ type: 'configure', threshold: 0.5 });
    expect(await watcher.next('error')).toMatchObject({ code: 'frame-message-invalid' });
    const ended = once(watcher.socket, 'close');
    client.close();
    expect((await ended)[0]).toBe(1000);
  });

  it('watches sessions that come in otherwise, and heeds fps', async () => {
    const feed: TestFeed = await test.feed();
    using _playing = feed.play();
    client = await FramesClient.open(test.connect(`?session=${feed.id}&fps=5`));
    const sequences: number[] = [];
    while (sequences.length < 4) {
      const { header } = await client.nextFrame();
      sequences.push(header.sequence);
      client.tell({ type: 'ack', frame: header.sequence });
    }
    expect((sequences.at(-1) ?? 0) - (sequences[0] ?? 0)).toBeGreaterThanOrEqual(12);
    await feed.session.close('over');
  });

  it.each([
    ['?session=nobody', 'session-unknown', 1008],
    ['?colour=red', 'query-invalid', 1008],
    ['?model=nothing', 'model-unknown', 1008],
    ['?threshold=high', 'query-invalid', 1008],
  ])('turns %s away with %s', async (query, code, closeCode) => {
    const socket: WebSocket = test.connect(query);
    const [[message], [found, reason]] = await Promise.all([once(socket, 'message'), once(socket, 'close')]);
    expect(fromServerSchema.parse(JSON.parse(String(message)))).toMatchObject({ type: 'error', code });
    expect([found, String(reason)]).toEqual([closeCode, code]);
  });

  it('takes no more senders than there are places, and ends with its session', async () => {
    const others = await Promise.all([1, 2, 3, 4].map(() => FramesClient.open(test.connect())));
    const socket = test.connect();
    expect((await once(socket, 'close'))[0]).toBe(1013);
    const [first] = others;
    const ended = first && once(first.socket, 'close');
    await test.sessions.get(String(first?.session.sessionId)).close('closed by request');
    expect(String((await ended)?.[1])).toBe('closed by request');
    for (const other of others) other.close();
  });

  it('ends a message of more than 16 MiB with 1009', async () => {
    await open();
    const ended = once(client.socket, 'close');
    client.socket.send(Buffer.alloc(16 * 1024 * 1024 + 1));
    expect((await ended)[0]).toBe(1009);
  });
});
