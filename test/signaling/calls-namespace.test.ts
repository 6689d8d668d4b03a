import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CALLS_NAMESPACE, type CallsToSignaling, parseFragment } from '../../protocol/ice.ts';
import type { FakePeer } from '../support/fake-peer.ts';
import { TestSignaling } from '../support/signaling.ts';

type Client = Socket<Record<string, never>, CallsToSignaling>;

const FRAGMENT = 'm=video 9 X 1\r\na=mid:0\r\na=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n';

describe('the namespace /calls', () => {
  let server: TestSignaling;
  let peer: FakePeer;
  const clients: Client[] = [];
  beforeEach(async () => {
    server = await TestSignaling.start({ SIGHTLINE_KEY: 'secret' });
    peer = await server.join();
    peer.sessions.set('fake-AAAAAAAAAAAAAAAAAAAAAA', 0);
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect();
    await server[Symbol.asyncDispose]();
  });

  const connect = (key?: string): Promise<Client> =>
    new Promise((resolve, reject) => {
      const client: Client = io(new URL(CALLS_NAMESPACE, server.url).href, {
        transports: ['websocket'],
        auth: { key },
        forceNew: true,
        reconnection: false,
      });
      clients.push(client);
      client.on('connect', () => resolve(client)).on('connect_error', reject);
    });
  const call = { sessionId: 'fake-AAAAAAAAAAAAAAAAAAAAAA', ifMatch: 'first', fragment: FRAGMENT };

  it('hands candidates to the media peer of the session, and acknowledges', async () => {
    const client = await connect('secret');
    expect(await client.emitWithAck('ice', call)).toEqual({
      ok: true,
      value: { iceSession: 'first', fragment: null },
    });
    expect(peer.patches).toEqual([
      { sessionId: call.sessionId, ifMatch: ['first'], sections: parseFragment(FRAGMENT) },
    ]);
  });

  it('acknowledges a restart with the fragment of the server', async () => {
    const client = await connect('secret');
    const own = parseFragment(FRAGMENT.replace('EsAw', 'next'));
    peer.onIce = () => ({ iceSession: 'second', restarted: own });
    const reply = await client.emitWithAck('ice', { ...call, ifMatch: '*' });
    expect(reply).toMatchObject({ ok: true, value: { iceSession: 'second' } });
    expect(reply.ok && parseFragment(reply.value.fragment ?? '')).toEqual(own);
  });

  it.each([
    [{ ...call, sessionId: 'nobody' }, 'session-unknown'],
    [{ ...call, fragment: 'v=0' }, 'fragment-invalid'],
    [{ sessionId: call.sessionId }, 'fragment-invalid'],
    [null, 'fragment-invalid'],
  ])('acknowledges %j with a problem of code %s', async (message, code) => {
    const client = await connect('secret');
    expect(await client.emitWithAck('ice', message as typeof call)).toMatchObject({
      ok: false,
      problem: { code },
    });
  });

  it('drops a message that asks for no acknowledgement, and goes on', async () => {
    const client = await connect('secret');
    (client as unknown as { emit: (name: string, message: unknown) => void }).emit('ice', call);
    expect(await client.emitWithAck('ice', call)).toMatchObject({ ok: true });
    expect(peer.patches).toHaveLength(1);
  });

  it.each([undefined, 'another'])('lets nobody in with the key %j', async (key) => {
    await expect(connect(key)).rejects.toThrow(/key of this server/);
  });
});
