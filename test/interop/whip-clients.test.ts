import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionDescription } from '../../protocol/session.ts';
import { eventually } from '../support/eventually.ts';
import { OnAir } from '../support/on-air.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';
import { hasAiortc, runPython } from './python-client.ts';

const FRAMES = 10;

describe('clients of others for WHIP and WHEP', () => {
  let sightline: Sightline;
  beforeAll(async () => {
    sightline = await startSightline();
  });
  afterAll(() => sightline.close());

  async function describeSession(id: string): Promise<SessionDescription> {
    return (await (await fetch(`${sightline.url}/sessions/${id}`)).json()) as SessionDescription;
  }

  it("FFmpeg's whip muxer sends pictures that are decoded", async () => {
    await using door = await recordingDoor(sightline.url);
    const program = fileURLToPath(new URL('../support/whip-publisher.ts', import.meta.url));
    const publisher = spawn(process.execPath, [program, `${door.url}/whip?threshold=0.5`], {
      stdio: 'ignore',
    });
    try {
      const sessionId = (await door.location).split('/').at(-1) ?? '';
      const { tracks, threshold } = await eventually(
        () => describeSession(sessionId),
        (session) => (session.tracks[0]?.framesDecoded ?? 0) > FRAMES,
      );
      expect(tracks).toMatchObject([{ codec: 'H264', framesOut: 0 }]);
      expect(threshold).toBe(0.5);
    } finally {
      publisher.kill('SIGKILL');
    }
  });

  it.skipIf(!hasAiortc)('aiortc watches (skipped where there is no python3-aiortc)', async () => {
    await using live = await OnAir.start(sightline.url, 'H264');
    const program = fileURLToPath(new URL('../support/whep_viewer.py', import.meta.url));
    const ended = await runPython(program, `${sightline.url}/sessions/${live.sessionId}/whep`);
    expect(ended.output.trim().split('\n')).toEqual([
      ...Array.from({ length: FRAMES }, () => '640x480'),
      '200',
    ]);
  });
});

/** Passes requests on, and keeps the Location of the first answer: FFmpeg tells nobody which session it has. */
async function recordingDoor(target: string) {
  const { promise: location, resolve } = Promise.withResolvers<string>();
  const passOn: RequestListener = (request, response) => {
    answerFor(request).then(
      ({ status, place, sdp }) => {
        resolve(place);
        const headers = { 'Content-Type': 'application/sdp', Location: `${target}${place}` };
        response.writeHead(status, headers).end(sdp);
      },
      () => response.destroy(),
    );
  };
  const answerFor = async (request: IncomingMessage) => {
    const chunks = await request.toArray();
    const { 'content-type': type = '' } = request.headers;
    const answer = await fetch(new URL(request.url ?? '/', target), {
      method: request.method ?? 'POST',
      headers: { 'Content-Type': type },
      body: Buffer.concat(chunks),
    });
    const place = answer.headers.get('Location') ?? '';
    return { status: answer.status, place, sdp: await answer.text() };
  };
  const server = createServer(passOn);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    location,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
