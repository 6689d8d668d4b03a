import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { Link } from '../../support/link/link.ts';
import { LinkedServer } from '../../support/link/linked-server.ts';
import { type Sightline, startSightline } from '../../support/sightline.ts';
import { hasTurnServer, startTurnServer, type TurnServer } from '../../support/turn-server.ts';
import { examine, runDoctor } from '../run-doctor.ts';

const KEY = 'the-key-of-the-server';
const withKey = { SIGHTLINE_KEY: KEY };

describe('doctor of a running server', () => {
  let sightline: Sightline;
  beforeAll(async () => {
    sightline = await startSightline(withKey);
  });
  afterAll(() => sightline?.close());

  it('tells each step of a call that comes up, ends by itself, and leaves no session', async () => {
    const { status, findings, step } = await examine([sightline.url], withKey);
    expect(findings.filter(({ status: of }) => of === 'failed')).toEqual([]);
    expect(findings.map(({ step: of }) => of)).toEqual(
      expect.arrayContaining([
        'http',
        'peers',
        'offer',
        'path',
        'dtls',
        'results',
        'frames',
        'round-trip',
        'loss',
      ]),
    );
    expect(step('path')[0]?.text).toMatch(/^UDP, host \S+:\d+ → host 127\.0\.0\.1:\d+, round trip/);
    expect(status).toBe(0);
    await eventually(
      () => sightline.peers(),
      (peers) => peers.every(({ sessions }) => sessions === 0),
    );
  });

  it('writes ticks and words, without colours where there is no terminal', async () => {
    const { status, output } = await runDoctor([sightline.url], withKey);
    expect(output).toMatch(/^ {2}✓ dtls {2,}The encryption was agreed on$/m);
    expect(output).toMatch(/Nothing is wrong\n$/);
    expect(output).not.toContain('\u001b');
    expect(status).toBe(0);
  });

  it('asks for the key where the server wants one', async () => {
    const { status, codes } = await examine([sightline.url], { SIGHTLINE_KEY: '' });
    expect(codes).toEqual(['key-required']);
    expect(status).toBe(1);
  });

  it('says that UDP is blocked where a firewall drops it all, as both sides see it', async () => {
    await using link = await Link.open({ up: { loss: 1 }, down: { loss: 1 } });
    await using linked = await LinkedServer.open(sightline.url, link);
    const { status, step } = await examine(['--timeout', '3', linked.url], withKey);
    expect(step('offer')).toMatchObject([{ status: 'ok' }]);
    const [own, ...servers] = step('path');
    expect(own).toMatchObject({ status: 'failed', code: 'udp-blocked' });
    expect(own?.text).toMatch(/^None of the [1-9]\d* checks to 127\.0\.0\.1:\d+ was answered/);
    expect(own?.remedy).toContain('UDP');
    expect(servers[0]).toMatchObject({ status: 'failed', code: expect.stringMatching(/^ice-/) });
    expect(servers[0]?.text).toMatch(/^The server says: /);
    expect(status).toBe(1);
    expect((await link.stats()).up.dropped.loss).toBeGreaterThan(0);
  });

  it('says that the way back is blocked where the server hears the caller', async () => {
    await using link = await Link.open({ down: { loss: 1 } });
    await using linked = await LinkedServer.open(sightline.url, link);
    const { codes } = await examine(['--timeout', '3', linked.url], withKey);
    expect(codes).toEqual(['udp-blocked-back', 'ice-no-response']);
  });

  it('tells packets that are lost', async () => {
    await using link = await Link.open();
    await using linked = await LinkedServer.open(sightline.url, link);
    const examined = examine([linked.url], withKey);
    await eventually(
      () => link.stats(),
      ({ down }) => down.packetsIn > 30,
      { intervalMs: 10 },
    );
    await link.set('up', { loss: 0.2 });
    const { codes, step } = await examined;
    expect(codes).toEqual(['packets-lost']);
    expect(step('loss')[0]?.text).toMatch(/^(?!0\.0)[\d.]+ % of the packets were missing/);
  });
});

describe('doctor of something that is no Sightline', () => {
  let stranger: Server;
  let port: number;
  beforeAll(async () => {
    stranger = createServer((request, response) => {
      if (request.url?.startsWith('/moved/'))
        response.writeHead(301, { location: 'http://elsewhere.example/' });
      response.end('It works!');
    });
    stranger.listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    ({ port } = stranger.address() as AddressInfo);
  });
  afterAll(() => {
    stranger.close();
  });

  it.each([
    ['a server of another kind', () => `http://127.0.0.1:${port}`, 'not-sightline'],
    ['a redirection, which is not followed', () => `http://127.0.0.1:${port}/moved`, 'http-redirected'],
    ['a server without TLS', () => `https://127.0.0.1:${port}`, 'tls-failed'],
    ['a name that there is not', () => 'http://sightline.invalid', 'host-unknown'],
    ['a closed port', async () => `http://127.0.0.1:${await closedPort()}`, 'http-refused'],
  ])('knows %s', async (_, url, code) => {
    const { status, codes } = await examine([await url()]);
    expect(codes).toEqual([code]);
    expect(status).toBe(1);
  });

  it.each([[['two', 'urls']], [['ftp://example.org']], [['--timeout', 'soon']], [['--colour']]])(
    'refuses the arguments %j with the usage and status 64',
    async (args) => {
      const { status, output, complaint } = await runDoctor(args);
      expect(complaint).toContain('Usage: sightline doctor');
      expect(output).toBe('');
      expect(status).toBe(64);
    },
  );
});

describe.skipIf(!hasTurnServer)('doctor of a server with TURN (skipped where there is no coturn)', () => {
  let turn: TurnServer;
  beforeAll(async () => {
    turn = await startTurnServer('shared-secret');
  });
  afterAll(() => turn?.close());

  it.each([
    ['takes', 'shared-secret', []],
    ['refuses', 'another-secret', ['turn-credentials-refused']],
  ])(
    'tells whether the TURN server %s the credentials of %s, and calls all the same',
    async (_, secret, expected) => {
      const sightline = await startSightline({
        SIGHTLINE_TURN_URLS: `turn:127.0.0.1:${turn.port}`,
        SIGHTLINE_TURN_SECRET: secret,
      });
      const { status, codes, step } = await examine([sightline.url]);
      await sightline.close();
      expect(codes).toEqual(expected);
      expect(step('turn')).toHaveLength(1);
      expect(step('frames')).toMatchObject([{ status: 'ok' }]);
      expect(status).toBe(expected.length);
    },
  );
});

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
