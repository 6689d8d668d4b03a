import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SightlineError } from '../../../protocol/errors.ts';
import { toProblem } from '../../../protocol/problem.ts';
import { answerSchema } from '../../../protocol/session.ts';
import { answerOffer, type FakePeer, ignoreOffer } from '../../support/fake-peer.ts';
import { expectProblem } from '../../support/problem.ts';
import { TestSignaling } from '../../support/signaling.ts';

const json = { 'Content-Type': 'application/json' };

describe('POST /offer', () => {
  let server: TestSignaling;
  let peer: FakePeer;

  beforeAll(async () => {
    server = await TestSignaling.start();
    peer = await server.join({ maxSessions: 100 });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('answers with the SDP of the peer, and the session under Location', async () => {
    const response = await server.offer({ type: 'offer', sdp: 'v=0\r\n', threshold: 0.5, foreign: true });
    const answer = answerSchema.parse(await response.json());
    expect(response.status).toBe(200);
    expect(response.headers.get('Location')).toBe(`/sessions/${answer.sessionId}`);
    expect(answer.sessionId).toMatch(/^fake-[A-Za-z0-9_-]{22}$/);
    expect(peer.offers.at(-1)).toEqual({
      sessionId: answer.sessionId,
      offer: { type: 'offer', sdp: 'v=0\r\n', threshold: 0.5 },
    });
  });

  it.each(['application/json; charset=utf-8', 'application/json;charset=UTF-8', 'Application/JSON'])(
    'takes a body of Content-Type %s',
    async (type) => {
      expect((await server.offer(undefined, { headers: { 'Content-Type': type } })).status).toBe(200);
    },
  );

  it.each(['', '{', 'v=0\r\n', '{"type":"offer",}', Buffer.from([0x22, 0xff, 0x22])])(
    'answers not-json to %j',
    async (body) => {
      await expectProblem(await server.offer(undefined, { body }), 'not-json');
    },
  );

  it.each([
    [null, 'body'],
    [[], 'body'],
    ['offer', 'body'],
    [{}, 'type'],
    [{ type: 'offer' }, 'sdp'],
    [{ type: 'offer', sdp: '' }, 'sdp'],
    [{ type: 'offer', sdp: 7 }, 'sdp'],
    [{ type: 'offer', sdp: 'v=0', threshold: 7 }, 'threshold'],
    [{ type: 'offer', sdp: 'v=0', model: '' }, 'model'],
  ])('answers offer-invalid to %j, naming %s', async (body, field) => {
    const { detail } = await expectProblem(await server.offer(body), 'offer-invalid');
    expect(detail).toContain(`${field}:`);
  });

  it.each(['answer', 'pranswer', 'rollback'])('answers offer-expected to a %s', async (type) => {
    await expectProblem(await server.offer({ type, sdp: 'v=0' }), 'offer-expected');
  });

  it.each(['text/plain', 'application/sdp', 'application/x-www-form-urlencoded', 'application/jsonp'])(
    'answers media-type-unsupported to Content-Type %s',
    async (type) => {
      const response = await server.offer(undefined, { headers: { 'Content-Type': type } });
      expect((await expectProblem(response, 'media-type-unsupported')).detail).toContain(type);
    },
  );

  it('answers media-type-unsupported to a body without Content-Type, and to a compressed one', async () => {
    const body = Buffer.from('{}');
    await expectProblem(await server.offer(undefined, { headers: {}, body }), 'media-type-unsupported');
    const headers = { ...json, 'Content-Encoding': 'gzip' };
    await expectProblem(await server.offer(undefined, { headers, body }), 'media-type-unsupported');
  });

  it('answers body-too-large to an SDP of 1 MB, and goes on', async () => {
    const body = { type: 'offer', sdp: 'a'.repeat(1_000_000) };
    await expectProblem(await server.offer(body), 'body-too-large');
    expect((await server.offer()).status).toBe(200);
  });

  it('answers body-too-large to an announced length before the body comes', async () => {
    const socket = connect(server.signaling.port, '127.0.0.1');
    socket.write(
      'POST /offer HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{',
    );
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 [\s\S]*"body-too-large"/);
    socket.destroy();
  });

  it('answers body-too-large to chunks without an announced length, and serves the next request of the connection', async () => {
    const socket = connect(server.signaling.port, '127.0.0.1');
    socket.write(
      'POST /offer HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    const chunk = `10000\r\n${'a'.repeat(0x10000)}\r\n`;
    for (let sent = 0; sent < 1_000_000; sent += 0x10000) socket.write(chunk);
    socket.write('0\r\n\r\nGET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const answers = await text(socket);
    expect(answers).toMatch(/^HTTP\/1\.1 413 [\s\S]*"body-too-large"[\s\S]*HTTP\/1\.1 200 OK[\s\S]*"ready"/);
  });

  it('passes the problem that the peer answers on to the caller', async () => {
    const problem = toProblem(
      new SightlineError('no-video', 'Cannot answer the offer: found 0 video sections'),
    );
    peer.onOffer = (_call, reply) => reply({ ok: false, problem });
    const { detail } = await expectProblem(await server.offer(), 'no-video');
    expect(detail).toBe('Cannot answer the offer: found 0 video sections');
    peer.onOffer = answerOffer;
  });

  it('answers model-unknown to a model that no peer has, listing those there are', async () => {
    const response = await server.offer({ type: 'offer', sdp: 'v=0', model: 'cats' });
    expect((await expectProblem(response, 'model-unknown')).detail).toContain('yolox-nano');
  });
});

describe('POST /offer when peers cannot take the call', () => {
  it('answers no-peer with Retry-After while none has registered', async () => {
    await using server = await TestSignaling.start();
    const response = await server.offer();
    expect(response.headers.get('Retry-After')).toBe('1');
    await expectProblem(response, 'no-peer');
  });

  it('answers sessions-exhausted with Retry-After to one session more than allowed, until one ends', async () => {
    await using server = await TestSignaling.start();
    const peer = await server.join({ maxSessions: 2 });
    const answers = await Promise.all([server.offer(), server.offer(), server.offer(), server.offer()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 503, 503]);
    expect(peer.offers).toHaveLength(2);

    const refused = await server.offer();
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    await expectProblem(refused, 'sessions-exhausted');

    const [sessionId] = peer.sessions.keys();
    expect((await server.get(`/sessions/${sessionId}`, { method: 'DELETE' })).status).toBe(204);
    expect((await server.offer()).status).toBe(200);
  });

  it('counts a session that is still being opened', async () => {
    await using server = await TestSignaling.start();
    const held = Promise.withResolvers<() => void>();
    await server.join({
      maxSessions: 1,
      onOffer: (call, reply, fake) => held.resolve(() => answerOffer(call, reply, fake)),
    });
    const first = server.offer();
    const answerFirst = await held.promise;
    await expectProblem(await server.offer(), 'sessions-exhausted');
    answerFirst();
    expect((await first).status).toBe(200);
  });

  it('spreads a burst over the peers', async () => {
    await using server = await TestSignaling.start();
    const a = await server.join({ peerId: 'a' });
    const b = await server.join({ peerId: 'b' });
    await Promise.all([server.offer(), server.offer(), server.offer(), server.offer()]);
    expect([a.sessions.size, b.sessions.size]).toEqual([2, 2]);
  });

  it('answers peer-timeout when the peer never answers, and tells the peer to close the session', async () => {
    await using server = await TestSignaling.start({ SIGHTLINE_OFFER_TIMEOUT_MS: '50' });
    const peer = await server.join({ onOffer: ignoreOffer });
    const closeAsked = new Promise((resolve) =>
      peer.socket.once('close', ({ sessionId }) => resolve(sessionId)),
    );
    const response = await server.offer();
    expect(response.headers.get('Retry-After')).toBe('1');
    await expectProblem(response, 'peer-timeout');
    expect(await closeAsked).toBe(peer.offers[0]?.sessionId);
  });

  it('closes a session whose answer came too late', async () => {
    await using server = await TestSignaling.start({ SIGHTLINE_OFFER_TIMEOUT_MS: '50' });
    let answerNow = () => {};
    const peer = await server.join({
      onOffer: (call, reply, fake) => {
        answerNow = () => answerOffer(call, reply, fake);
      },
    });
    const firstClose = new Promise((resolve) => peer.socket.once('close', resolve));
    await expectProblem(await server.offer(), 'peer-timeout');
    await firstClose;
    const secondClose = new Promise((resolve) => peer.socket.once('close', resolve));
    answerNow();
    expect(peer.sessions.size).toBe(1);
    await secondClose;
    expect(peer.closed.at(-1)).toBe(peer.offers[0]?.sessionId);
    expect(peer.sessions.size).toBe(0);
  });

  it('answers peer-lost at once when the peer goes away during the call', async () => {
    await using server = await TestSignaling.start({ SIGHTLINE_OFFER_TIMEOUT_MS: '600000' });
    await server.join({ onOffer: (_call, _reply, fake) => fake.close() });
    const response = await server.offer();
    expect(response.headers.get('Retry-After')).toBe('1');
    await expectProblem(response, 'peer-lost');
    await expectProblem(await server.offer(), 'no-peer');
  });

  it('answers internal when the reply of the peer is outside the protocol, and has the session closed', async () => {
    await using server = await TestSignaling.start();
    const peer = await server.join({
      onOffer: ({ sessionId }, reply) => reply({ ok: true, value: { type: 'answer', sdp: '', sessionId } }),
    });
    const closeAsked = new Promise((resolve) =>
      peer.socket.once('close', ({ sessionId }) => resolve(sessionId)),
    );
    await expectProblem(await server.offer(), 'internal');
    expect(await closeAsked).toBe(peer.offers[0]?.sessionId);
  });

  it('has the session closed when the caller went away before the answer', async () => {
    await using server = await TestSignaling.start();
    const gone = new AbortController();
    const peer = await server.join({
      onOffer: (call, reply, fake) => {
        gone.abort();
        // Another request answered means that the server has seen the first connection end
        void server.get('/healthz').then(() => answerOffer(call, reply, fake));
      },
    });
    const closeAsked = new Promise((resolve) =>
      peer.socket.once('close', ({ sessionId }) => resolve(sessionId)),
    );
    await expect(server.offer(undefined, { signal: gone.signal })).rejects.toThrow('abort');
    expect(await closeAsked).toBe(peer.offers[0]?.sessionId);
  });
});
