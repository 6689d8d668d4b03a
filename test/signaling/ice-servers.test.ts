import { describe, expect, it } from 'vitest';
import { iceServers } from '../../signaling/ice-servers.ts';
import { expectProblem } from '../support/problem.ts';
import { TestSignaling } from '../support/signaling.ts';

describe('iceServers()', () => {
  const fixed = [{ urls: ['stun:stun.example:3478'] }];

  it('adds credentials that end after their time, as use-auth-secret of coturn computes them', () => {
    const turn = { urls: ['turn:turn.example'], secret: 'north', ttlSeconds: 3600 };
    expect(iceServers({ fixed, turn, forPeers: false }, 1_700_000_000_999)).toEqual([
      ...fixed,
      {
        urls: ['turn:turn.example'],
        username: '1700003600:sightline',
        // printf 1700003600:sightline | openssl dgst -sha1 -hmac north -binary | base64
        credential: 'bTNHqrW8VF7qOKncX6U3U6x8nE4=',
      },
    ]);
  });

  it('hands the fixed servers out as they are', () => {
    expect(iceServers({ fixed, forPeers: false }, 0)).toEqual(fixed);
  });
});

describe('GET /ice-servers', () => {
  it('hands out SIGHTLINE_ICE_SERVERS, to whoever has the key', async () => {
    const servers = [
      { urls: 'stun:stun.example' },
      { urls: ['turn:a.example'], username: 'u', credential: 'c' },
    ];
    await using server = await TestSignaling.start({
      SIGHTLINE_KEY: 'secret',
      SIGHTLINE_ICE_SERVERS: JSON.stringify(servers),
    });
    await expectProblem(await server.get('/ice-servers'), 'key-required');
    const response = await server.get('/ice-servers', { headers: { Authorization: 'Bearer secret' } });
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(await response.json()).toEqual({
      iceServers: [{ urls: ['stun:stun.example'] }, servers[1]],
    });
  });

  it('hands out none where none is set', async () => {
    await using server = await TestSignaling.start();
    expect(await (await server.get('/ice-servers')).json()).toEqual({ iceServers: [] });
  });
});

describe('POST /offer', () => {
  it('gives the servers to the media peer with SIGHTLINE_MEDIA_RELAY, and else not', async () => {
    const servers = { SIGHTLINE_ICE_SERVERS: '[{"urls":"stun:stun.example"}]' };
    await using relaying = await TestSignaling.start({ ...servers, SIGHTLINE_MEDIA_RELAY: '1' });
    const peer = await relaying.join();
    await relaying.offer();
    expect(peer.offers[0]?.iceServers).toEqual([{ urls: ['stun:stun.example'] }]);

    await using plain = await TestSignaling.start(servers);
    const other = await plain.join();
    await plain.offer();
    expect(other.offers[0]).not.toHaveProperty('iceServers');
  });
});
