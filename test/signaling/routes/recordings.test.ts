import { describe, expect, it } from 'vitest';
import type { Recording } from '../../../protocol/recordings.ts';
import { expectProblem } from '../../support/problem.ts';
import { TestSignaling } from '../../support/signaling.ts';
import { FakeDoor } from '../door/fake-door.ts';

function recording(id: string, createdAt: number, fields: Partial<Recording> = {}): Recording {
  return {
    id,
    sessionId: 'session',
    mid: '0',
    picture: 'annotated',
    results: false,
    state: 'finished',
    createdAt,
    durationSeconds: 1,
    bytes: 10,
    parts: [],
    framesDropped: 0,
    sound: false,
    soundDropped: 0,
    resultLines: 0,
    resultsDropped: 0,
    ...fields,
  };
}

const idOf = (peerId: string, letter: string) => `${peerId}-${letter.repeat(22)}`;

/** A media peer that has these recordings, and tells which of its addresses was asked for. */
async function keeper(server: TestSignaling, peerId: string, recordings: readonly Recording[]) {
  const door = await FakeDoor.open(({ method, url }, response) => {
    const isList = url === '/recordings';
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(isList ? { recordings } : { asked: `${peerId} ${method} ${url}` }));
  });
  await server.join({ peerId, door: door.address });
  return door;
}

describe('recordings over signaling', () => {
  it('are listed once, whichever media peers know of them, the newest first, as their own has them', async () => {
    await using server = await TestSignaling.start();
    const shared = recording(idOf('one', 'a'), 1, { bytes: 5 });
    const running = { ...shared, bytes: 99 };
    await using _one = await keeper(server, 'one', [running]);
    await using _two = await keeper(server, 'two', [recording(idOf('two', 'b'), 2), shared]);
    const answer = await fetch(new URL('/recordings', server.url));
    expect(await answer.json()).toEqual({ recordings: [recording(idOf('two', 'b'), 2), running] });
  });

  it('are told of by the media peer that made them, and by any other where that one is gone', async () => {
    await using server = await TestSignaling.start();
    await using _one = await keeper(server, 'one', []);
    await using _two = await keeper(server, 'two', []);
    const askedAt = async (path: string, method = 'GET') =>
      ((await (await fetch(new URL(path, server.url), { method })).json()) as { asked: string }).asked;
    for (const peerId of ['one', 'two']) {
      const path = `/recordings/${idOf(peerId, 'c')}`;
      expect(await askedAt(path)).toBe(`${peerId} GET ${path}`);
      expect(await askedAt(`${path}/000.mp4`)).toBe(`${peerId} GET ${path}/000.mp4`);
      expect(await askedAt(path, 'DELETE')).toBe(`${peerId} DELETE ${path}`);
      const ofSession = `/sessions/${idOf(peerId, 'd')}/recordings`;
      expect(await askedAt(ofSession)).toBe(`${peerId} GET ${ofSession}`);
      expect(await askedAt(ofSession, 'POST')).toBe(`${peerId} POST ${ofSession}`);
    }
    const path = `/recordings/${idOf('gone', 'c')}`;
    expect(await askedAt(path)).toMatch(/^(one|two) GET /);
    const missing = await fetch(new URL(`/sessions/${idOf('gone', 'd')}/recordings`, server.url), {
      method: 'POST',
    });
    await expectProblem(missing, 'session-unknown');
  });

  it('cannot be listed while a media peer does not answer as it should', async () => {
    await using server = await TestSignaling.start();
    await expectProblem(await fetch(new URL('/recordings', server.url)), 'no-peer');
    await using door = await FakeDoor.open((_request, response) => response.destroy());
    await server.join({ peerId: 'one', door: door.address });
    await expectProblem(await fetch(new URL('/recordings', server.url)), 'peer-lost');
  });
});
