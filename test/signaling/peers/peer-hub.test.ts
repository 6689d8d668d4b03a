import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ignoreOffer } from '../../support/fake-peer.ts';
import { expectProblem } from '../../support/problem.ts';
import { TestSignaling, TOKEN } from '../../support/signaling.ts';

describe('PeerHub', () => {
  let server: TestSignaling;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    server = await TestSignaling.start();
  });
  afterAll(async () => {
    for (const socket of sockets) socket.disconnect();
    await server[Symbol.asyncDispose]();
  });

  function connect(path: string, auth: object): Socket {
    const socket = io(`${server.url}${path}`, {
      auth,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    });
    sockets.push(socket);
    return socket;
  }

  function refusal(path: string, auth: object): Promise<string> {
    const socket = connect(path, auth);
    return new Promise((resolve, reject) => {
      socket.once('connect_error', ({ message }) => resolve(message));
      socket.once('connect', () => reject(new Error('Expected the connection to be refused')));
    });
  }

  it.each([
    {},
    { token: TOKEN },
    { peerId: 'p1' },
    { token: '', peerId: 'p1' },
    { token: TOKEN, peerId: 'P 1' },
    { token: TOKEN, peerId: 'a-b' },
    { token: [TOKEN], peerId: 'p1' },
  ])('refuses the handshake %j', async (auth) => {
    expect(await refusal('/peers', auth)).toContain('Cannot connect');
  });

  it('refuses a wrong token, without saying the right one', async () => {
    const message = await refusal('/peers', { token: `${TOKEN}x`, peerId: 'p1' });
    expect(message).toContain('SIGHTLINE_PEER_TOKEN');
    expect(message).not.toContain(TOKEN);
  });

  it('has no other namespace', async () => {
    expect(await refusal('/', { token: TOKEN, peerId: 'p1' })).toContain('/peers');
    expect(await refusal('/other', { token: TOKEN, peerId: 'p1' })).toBe('Invalid namespace');
  });

  it.each([
    ['register', {}],
    ['register', { models: [], maxSessions: 0, codec: 'x' }],
    ['register', null],
    ['load', { sessions: -1, cpu: 0, residentMemory: 0, eventLoopDelayP99: 0 }],
    ['load', 'high'],
    ['session-closed', { sessionId: 7 }],
    ['session-closed', undefined],
  ])('disconnects a peer whose %s message is %j', async (event, message) => {
    const socket = connect('/peers', { token: TOKEN, peerId: 'rude' });
    const ended = new Promise((resolve) => socket.once('disconnect', resolve));
    socket.emit(event, message);
    expect(await ended).toBe('io server disconnect');
  });

  it('replaces the older peer of the same id, whose calls are lost at once', async () => {
    const older = await server.join({ peerId: 'twin', onOffer: ignoreOffer });
    const asked = new Promise((resolve) => older.socket.once('offer', resolve));
    const offered = server.offer();
    await asked;
    const younger = await server.join({ peerId: 'twin' });
    await older.ended();
    await expectProblem(await offered, 'peer-lost');

    expect((await server.offer()).status).toBe(200);
    expect(younger.offers).toHaveLength(1);
    younger.close();
  });

  it('gives the place of a session back when the peer says that it ended', async () => {
    const peer = await server.join({ peerId: 'small', maxSessions: 1 });
    await server.offer();
    await expectProblem(await server.offer(), 'sessions-exhausted');
    const [sessionId] = peer.sessions.keys();
    peer.endSession(String(sessionId));
    // The peer's messages stay in order: once the next registration is seen, so is the end of the session
    const marker = server.nextRegistration('small');
    await server.join({ peerId: 'small', maxSessions: 1 });
    await marker;
    expect((await server.offer()).status).toBe(200);
  });
});
