import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding, Findings } from '../../../cli/doctor/finding.ts';
import { iceServerFindings } from '../../../cli/doctor/ice/ice-server-findings.ts';
import { clockFindings } from '../../../cli/doctor/local/program-findings.ts';
import { findModel } from '../../../models/catalogue.ts';
import { iceServers } from '../../../signaling/ice-servers.ts';
import { hasTurnServer, startTurnServer, type TurnServer } from '../../support/turn-server.ts';
import { examine } from '../run-doctor.ts';

async function collect(findings: Findings): Promise<Finding[]> {
  const all: Finding[] = [];
  for await (const finding of findings) all.push(finding);
  return all;
}

const YEAR_MS = 365 * 24 * 3600 * 1000;

describe('doctor of this machine', () => {
  it('loads the libraries, runs the model and finds the ports free', async () => {
    const { findings, step } = await examine([], { PORT: '0', SIGHTLINE_MEDIA_PORTS: '' });
    expect(step('codec')).toMatchObject([{ status: 'ok' }]);
    expect(step('inference')[0]?.text).toMatch(/^onnxruntime-node \d.* on the CPU/);
    expect(step('udp')).toMatchObject([{ status: 'ok' }]);
    expect(step('addresses')[0]?.text).toContain('127.0.0.1 (loopback)');
    for (const { status, remedy } of findings) expect(remedy === undefined).toBe(status === 'ok');
  });

  it('names the variables that are wrong, and looks no further', async () => {
    const { status, codes, findings } = await examine([], { PORT: 'http', SIGHTLINE_MEDIA_PORTS: '9' });
    expect(codes).toEqual(['settings-invalid', 'settings-invalid']);
    expect(findings.at(-2)?.text).toContain('PORT');
    expect(findings.at(-1)?.text).toContain('SIGHTLINE_MEDIA_PORTS');
    expect(status).toBe(1);
  });

  it('says that another program has the port, and which media ports are taken or too few', async () => {
    const [http, media] = [createServer(), createSocket('udp4')];
    http.listen(0, '127.0.0.1');
    media.bind(0, '127.0.0.1');
    await Promise.all([once(http, 'listening'), once(media, 'listening')]);
    const taken = media.address().port;
    const address = http.address();
    const { status, step } = await examine([], {
      PORT: String(typeof address === 'object' ? address?.port : 0),
      SIGHTLINE_MEDIA_PORTS: `${taken}-${taken}`,
      SIGHTLINE_PEERS: '1',
    });
    http.close();
    media.close();
    expect(step('http-port')).toMatchObject([{ code: 'port-taken' }]);
    expect(step('media-ports')).toMatchObject([
      { status: 'warning', code: 'media-ports-taken' },
      { status: 'warning', code: 'media-ports-few' },
    ]);
    expect(status).toBe(1);
  });

  it.each([
    ['media-loopback-only', { HOST: '0.0.0.0', SIGHTLINE_OPEN: '1' }],
    ['media-address-foreign', { SIGHTLINE_MEDIA_ADDRESSES: '203.0.113.7' }],
    ['public-address-private', { SIGHTLINE_MEDIA_PUBLIC_ADDRESS: '192.168.1.2' }],
  ])('finds %s with the settings %j', async (code, settings) => {
    const { step } = await examine([], { PORT: '0', ...settings });
    expect(step('addresses').at(-1)).toMatchObject({ code });
  });

  it('names the models that are missing, wrong or unknown', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'doctor-'));
    const empty = { PORT: '0', SIGHTLINE_CACHE_DIR: folder, SIGHTLINE_MODELS_DIR: folder };
    const { file } = findModel('yolox-nano');
    const missing = await examine([], { ...empty, SIGHTLINE_MODEL: 'yolox-nano' });
    await writeFile(join(folder, file), 'not a model');
    const wrong = await examine([], { ...empty, SIGHTLINE_MODEL: 'yolox-nano' });
    const unknown = await examine([], { ...empty, SIGHTLINE_MODEL: 'yolo-9000' });
    await rm(folder, { recursive: true });
    expect(missing.codes).toEqual(['model-missing']);
    // Two models share the file.
    expect(new Set(wrong.codes)).toEqual(new Set(['model-wrong', 'model-missing']));
    expect(unknown.codes).toEqual(['settings-invalid']);
    expect(missing.step('inference')).toMatchObject([{ status: 'ok' }]);
  });

  it('knows a clock that stands before the files were written', async () => {
    const [finding] = await collect(clockFindings(Date.UTC(1970, 0, 2)));
    expect(finding).toMatchObject({ status: 'failed', code: 'clock-behind' });
  });
});

describe('iceServerFindings()', () => {
  async function find(...servers: { urls: string[]; username?: string; credential?: string }[]) {
    const context = { nowMs: Date.now(), onWorks: () => undefined };
    return collect(iceServerFindings(servers, context));
  }

  it('knows a closed port by its refusal', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    socket.close();
    await once(socket, 'close');
    expect(
      await find({ urls: [`stun:127.0.0.1:${port}`, `turn:127.0.0.1:${port}?transport=tcp`] }),
    ).toMatchObject([
      { step: 'stun', code: 'ice-server-refused' },
      { step: 'turn', code: 'ice-server-refused' },
    ]);
  });

  it('waits a while for a server that is silent, and asks it more than once', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    let asked = 0;
    socket.on('message', () => {
      asked += 1;
    });
    const findings = await find({ urls: [`stun:127.0.0.1:${socket.address().port}`] });
    socket.close();
    expect(findings).toMatchObject([{ status: 'failed', code: 'ice-server-silent' }]);
    expect(asked).toBeGreaterThan(1);
  });

  it('knows a name that there is not, and text that is no URI of a server', async () => {
    expect(await find({ urls: ['stun:stun.invalid', 'turn:[::1'] })).toMatchObject([
      { code: 'ice-server-unknown' },
      { code: 'ice-server-unknown' },
    ]);
  });
});

describe.skipIf(!hasTurnServer)('doctor of TURN (skipped where there is no coturn)', () => {
  const secret = 'shared-secret';
  let turn: TurnServer;
  beforeAll(async () => {
    turn = await startTurnServer(secret);
  });
  afterAll(() => turn?.close());

  function settings(own: string): Record<string, string> {
    return {
      PORT: '0',
      SIGHTLINE_ICE_SERVERS: JSON.stringify([{ urls: `stun:127.0.0.1:${turn.port}` }]),
      SIGHTLINE_TURN_URLS: ['udp', 'tcp'].map((t) => `turn:127.0.0.1:${turn.port}?transport=${t}`).join(','),
      SIGHTLINE_TURN_SECRET: own,
    };
  }

  it('gets addresses over UDP and TCP with the secret of the server', async () => {
    const { step } = await examine([], settings(secret));
    expect(step('stun')[0]?.text).toMatch(/sees this machine at 127\.0\.0\.1:\d+$/);
    const [udp, tcp] = step('turn').map(({ text }) => text);
    expect(udp).toMatch(/transport=udp takes the credentials and relays at 127\.0\.0\.1:\d+$/);
    expect(tcp).toMatch(/transport=tcp takes the credentials and relays at 127\.0\.0\.1:\d+$/);
  });

  it('is refused with another secret', async () => {
    const { status, step } = await examine([], settings('another-secret'));
    expect(step('turn')).toMatchObject([
      { code: 'turn-credentials-refused', text: expect.stringContaining('401') },
      { code: 'turn-credentials-refused' },
    ]);
    expect(status).toBe(1);
  });

  it('tells credentials that have ended by the clock here, and by that of the TURN server', async () => {
    const config = { urls: [`turn:127.0.0.1:${turn.port}`], secret, ttlSeconds: 600 };
    const at = (nowMs: number) => iceServers({ fixed: [], turn: config, forPeers: false }, nowMs);
    const find = (nowMs: number) =>
      collect(
        iceServerFindings(at(Date.now() - YEAR_MS), {
          nowMs,
          lasting: at(Date.now() + YEAR_MS),
          onWorks: () => undefined,
        }),
      );
    expect(await find(Date.now())).toMatchObject([{ code: 'turn-credentials-expired' }]);
    expect(await find(Date.now() - YEAR_MS)).toMatchObject([{ code: 'turn-clock-differs' }]);
  });
});
