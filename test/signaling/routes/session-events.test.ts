import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SceneEvent } from '../../../protocol/events.ts';
import type { FakePeer } from '../../support/fake-peer.ts';
import { expectProblem } from '../../support/problem.ts';
import { TestSignaling } from '../../support/signaling.ts';

const event: SceneEvent = {
  type: 'event',
  v: 1,
  kind: 'waving',
  hand: 'left',
  rtpTimestamp: 3000,
  time: 1,
  trackId: 1,
  label: 'person',
};

describe('GET /sessions/:id/events', () => {
  let server: TestSignaling;
  let peer: FakePeer;
  beforeAll(async () => {
    server = await TestSignaling.start();
    peer = await server.join();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  async function open(): Promise<string> {
    const response = await fetch(`${server.url}/offer`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ type: 'offer', sdp: 'v=0' }),
    });
    return ((await response.json()) as { sessionId: string }).sessionId;
  }

  /** Reads a stream until it has said all of these. */
  async function readUntil(
    reader: ReadableStreamDefaultReader<Uint8Array>,
    ...words: string[]
  ): Promise<string> {
    let text = '';
    while (!words.every((word) => text.includes(word))) {
      const { done, value } = await reader.read();
      if (done) return text;
      text += new TextDecoder().decode(value);
    }
    return text;
  }

  it('tells what happens, of that session alone, and that it has ended', async () => {
    const [sessionId, other] = [await open(), await open()];
    const response = await fetch(`${server.url}/sessions/${sessionId}/events`);
    expect(response.headers.get('Content-Type')).toContain('text/event-stream');
    const reader = response.body?.getReader();
    if (!reader) throw new Error('Expected a body');
    await readUntil(reader, 'events of');
    peer.socket.emit('session-event', { sessionId: other, event: { ...event, trackId: 9 } });
    peer.socket.emit('session-event', { sessionId, event });
    const said = await readUntil(reader, 'event: waving');
    expect(JSON.parse(/^data: (.*)$/m.exec(said)?.[1] ?? '')).toEqual(event);
    expect(said).not.toContain('"trackId":9');
    peer.endSession(sessionId);
    expect(await readUntil(reader, 'never said')).toContain('event: closed');
  });

  it('ends when the media peer is gone', async () => {
    const lost = await server.join({ peerId: 'lost', maxSessions: 100 });
    const ids = [];
    while (!ids.at(-1)?.startsWith('lost')) ids.push(await open());
    const response = await fetch(`${server.url}/sessions/${ids.at(-1)}/events`);
    const reader = response.body?.getReader();
    if (!reader) throw new Error('Expected a body');
    await readUntil(reader, 'events of');
    const gone = once(lost.socket as never, 'disconnect');
    lost.close();
    await gone;
    expect(await readUntil(reader, 'never said')).toContain('event: closed');
  });

  it('answers session-unknown where there is no such session', async () => {
    await expectProblem(await fetch(`${server.url}/sessions/fake-nothing/events`), 'session-unknown');
  });
});
