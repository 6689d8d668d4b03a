import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerSchema, sessionDescriptionSchema } from '../../../protocol/session.ts';
import type { FakePeer } from '../../support/fake-peer.ts';
import { expectProblem } from '../../support/problem.ts';
import { TestSignaling } from '../../support/signaling.ts';

let server: TestSignaling;
let peer: FakePeer;

beforeAll(async () => {
  server = await TestSignaling.start();
  peer = await server.join({ maxSessions: 100 });
});
afterAll(() => server[Symbol.asyncDispose]());

async function open(): Promise<string> {
  return answerSchema.parse(await (await server.offer()).json()).sessionId;
}

const unknownIds = [
  'nobody',
  `fake-${'A'.repeat(22)}`,
  `gone-${'A'.repeat(22)}`,
  '%2e%2e%2fetc',
  '%00',
  '%zz',
];

describe('GET /sessions/:id', () => {
  it('says how the peer says that the session is', async () => {
    const sessionId = await open();
    const response = await server.get(`/sessions/${sessionId}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    const description = sessionDescriptionSchema.parse(await response.json());
    expect(description).toMatchObject({ sessionId, state: 'connected', model: 'yolox-nano' });
  });

  it.each(unknownIds)('answers session-unknown to %s', async (id) => {
    await expectProblem(await server.get(`/sessions/${id}`), 'session-unknown');
  });
});

describe('DELETE /sessions/:id', () => {
  it('closes the session on its peer, once', async () => {
    const sessionId = await open();
    const response = await server.get(`/sessions/${sessionId}`, { method: 'DELETE' });
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
    expect(peer.sessions.has(sessionId)).toBe(false);
    await expectProblem(await server.get(`/sessions/${sessionId}`, { method: 'DELETE' }), 'session-unknown');
    await expectProblem(await server.get(`/sessions/${sessionId}`), 'session-unknown');
  });

  it.each(unknownIds)('answers session-unknown to %s', async (id) => {
    await expectProblem(await server.get(`/sessions/${id}`, { method: 'DELETE' }), 'session-unknown');
  });

  it('answers session-unknown once the peer is gone', async () => {
    const other = await server.join({ peerId: 'other', maxSessions: 100_000 });
    const sessionId = await open();
    expect(sessionId).toMatch(/^other-/);
    const seen = server.nextRegistration('marker');
    other.close();
    await server.join({ peerId: 'marker' });
    await seen;
    await expectProblem(await server.get(`/sessions/${sessionId}`, { method: 'DELETE' }), 'session-unknown');
  });
});
