import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { Frames } from '../../../client/sdk/frames.ts';
import { readFrame, writeFrameHeader } from '../../../protocol/frames.ts';

const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xd9]);
const frame = { format: 'jpeg', width: 64, height: 48, data: jpeg } as const;

describe('Frames', () => {
  let server: WebSocketServer;
  let socket: WebSocket;
  let address: string;
  const arrived: (Record<string, unknown> | number)[] = [];

  beforeEach(async () => {
    arrived.length = 0;
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    server.on('connection', (connected, { url = '' }) => {
      socket = connected;
      address = url;
      socket.on('message', (data: Buffer, isBinary) => {
        arrived.push(isBinary ? readFrame(data).header.sequence : JSON.parse(String(data)));
        server.emit('arrived');
      });
      const refused = url.includes('refused');
      tell(
        refused
          ? { type: 'error', code: 'model-unknown', detail: 'Cannot' }
          : { type: 'session', credits: 2 },
      );
    });
  });
  afterEach(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });

  const tell = (message: object) => socket.send(JSON.stringify(message));
  const open = (options = {}) =>
    Frames.open({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, ...options });
  const nth = async (count: number) => {
    while (arrived.length < count) await once(server, 'arrived');
    return arrived.slice(0, count);
  };

  it('tells of a refusal in the words of the server', async () => {
    await expect(open({ query: { task: 'refused' } })).rejects.toThrow('Cannot');
  });

  it('puts the key, the session and the settings into the address', async () => {
    const frames = await open({ key: 'a key', session: 'one', query: { fps: 5 } });
    expect(Object.fromEntries(new URL(address, 'ws://server').searchParams)).toEqual({
      fps: '5',
      session: 'one',
      key: 'a key',
    });
    frames.close();
  });

  it('sends as many frames as it has credits, and then the newest', async () => {
    const frames = await open();
    for (let index = 0; index < 6; index++) frames.send(frame);
    expect([await nth(2), frames.isReady, frames.dropped]).toEqual([[0, 1], false, 3]);
    tell({ type: 'ack', frame: 1 });
    expect(await nth(3)).toEqual([0, 1, 5]);
    expect(frames.isReady).toBe(true);
    frames.close();
  });

  it('goes on after a frame that was refused, named or not', async () => {
    const frames = await open();
    const refusals: unknown[] = [];
    frames.on('refused', ({ code }) => refusals.push(code));
    for (let index = 0; index < 3; index++) frames.send(frame);
    tell({ type: 'error', code: 'image-invalid', detail: '', frame: 0 });
    expect(await nth(3)).toEqual([0, 1, 2]);
    frames.send(frame);
    tell({ type: 'error', code: 'frame-header-invalid', detail: '' });
    expect(await nth(4)).toEqual([0, 1, 2, 3]);
    // What answers a change of settings is about no frame
    frames.send(frame);
    tell({ type: 'error', code: 'model-unknown', detail: '', id: 1 });
    tell({ type: 'ack', frame: 2 });
    expect(await nth(5)).toEqual([0, 1, 2, 3, 4]);
    expect(refusals).toEqual(['image-invalid', 'frame-header-invalid', 'model-unknown']);
    frames.close();
  });

  it('acknowledges each frame that comes back, and tells of results', async () => {
    const frames = await open();
    const told: unknown[] = [];
    frames.on('frame', ({ sequence }, bytes) => told.push(sequence, bytes));
    frames.on('detections', ({ seq }) => told.push({ seq }));
    const header = { ...frame, payloadLength: jpeg.length, sequence: 9, captureTime: 0, rtpTimestamp: 0 };
    socket.send(Buffer.concat([writeFrameHeader(header), jpeg]));
    tell({ type: 'detections', seq: 4 });
    tell({ type: 'of-a-newer-server' });
    expect(await nth(1)).toEqual([{ type: 'ack', frame: 9 }]);
    const closed = new Promise((resolve) => frames.on('closed', resolve));
    socket.close(1000, 'the session ended');
    expect(await closed).toBe('the session ended');
    expect(told).toEqual([9, jpeg, { seq: 4 }]);
  });
});
