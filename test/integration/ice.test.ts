import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classes, Message, methods, parseMessage, RTCPeerConnection, useVP8 } from 'werift';
import { formatFragment, type IceSection, parseFragment, SDP_FRAGMENT_TYPE } from '../../protocol/ice.ts';
import { answerSchema, sessionDescriptionSchema } from '../../protocol/session.ts';
import { eventually } from '../support/eventually.ts';
import { expectProblem } from '../support/problem.ts';
import { RtcClient } from '../support/rtc-client.ts';
import { type Sightline, startSightline } from '../support/sightline.ts';

const CONNECT_TIMEOUT_MS = 1500;

/** Where nobody listens: discard, which nothing on a test machine serves. */
const UNREACHABLE = '1 1 udp 2122260223 127.0.0.1 9 typ host';

/** An offer of a client that takes no further part. */
async function offerOf(candidates: readonly string[]): Promise<string> {
  const pc = new RTCPeerConnection({ codecs: { video: [useVP8()] }, iceServers: [] });
  pc.addTransceiver('video', { direction: 'sendrecv' });
  const { sdp } = await pc.createOffer();
  await pc.close();
  return `${sdp}${candidates.map((candidate) => `a=candidate:${candidate}\r\n`).join('')}`;
}

describe('the ICE session of a call', () => {
  let sightline: Sightline;
  beforeAll(async () => {
    sightline = await startSightline({
      SIGHTLINE_CONNECT_TIMEOUT_MS: String(CONNECT_TIMEOUT_MS),
      SIGHTLINE_MEDIA_PORTS: '43100-43107',
      // Nothing listens there: gathering has to go on without an answer
      SIGHTLINE_ICE_SERVERS: '[{"urls":"turn:127.0.0.1:9","username":"u","credential":"c"}]',
      SIGHTLINE_MEDIA_RELAY: '1',
    });
  });
  afterAll(() => sightline.close());

  const call = async (sdp: string) => {
    const response = await fetch(`${sightline.url}/offer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'offer', sdp }),
    });
    const answer = answerSchema.parse(await response.json());
    const location = `${sightline.url}/sessions/${answer.sessionId}`;
    return { answer, location, etag: response.headers.get('etag') ?? '', offered: sdp };
  };
  const patch = (location: string, sections: IceSection[], ifMatch: string) =>
    fetch(location, {
      method: 'PATCH',
      headers: { 'content-type': SDP_FRAGMENT_TYPE, 'if-match': ifMatch },
      body: formatFragment(sections),
    });
  const section = (sdp: string, candidates: string[] = []): IceSection => ({
    mid: /^a=mid:(.*?)\r?$/m.exec(sdp)?.[1] ?? '',
    ufrag: /^a=ice-ufrag:(.*?)\r?$/m.exec(sdp)?.[1] ?? '',
    password: /^a=ice-pwd:(.*?)\r?$/m.exec(sdp)?.[1] ?? '',
    candidates,
    complete: false,
  });
  const closed = async (location: string) => {
    const description = await eventually(
      async () => sessionDescriptionSchema.parse(await (await fetch(location)).json()),
      ({ state }) => state === 'closed',
    );
    return { ...description, codes: description.diagnosis?.map(({ code }) => code) };
  };

  it('takes candidates until there are more than 64', async () => {
    const { location, etag, offered } = await call(await offerOf([UNREACHABLE]));
    const candidates = Array.from({ length: 63 }, (_, index) =>
      UNREACHABLE.replace(' 9 ', ` ${1000 + index} `),
    );
    expect((await patch(location, [section(offered, candidates)], etag)).status).toBe(204);
    await expectProblem(
      await patch(location, [section(offered, [UNREACHABLE])], etag),
      'candidates-exhausted',
    );
    await fetch(location, { method: 'DELETE' });
  });

  it('answers ice-session-changed to another ETag, and to a user name of before a restart', async () => {
    const { location, etag, offered } = await call(await offerOf([]));
    const before = section(offered, [UNREACHABLE]);
    await expectProblem(await patch(location, [before], '"another"'), 'ice-session-changed');

    const restarted = await patch(location, [{ ...before, ufrag: 'next' }], '*');
    expect(restarted.status).toBe(200);
    expect(restarted.headers.get('etag')).not.toBe(etag);
    const [own] = parseFragment(await restarted.text());
    expect(own).toMatchObject({ mid: before.mid, complete: true });
    expect(own?.ufrag).not.toBe(section(offered).ufrag);
    expect(own?.candidates[0]).toMatch(/ 127\.0\.0\.1 431\d\d typ host$/);

    await expectProblem(await patch(location, [before], etag), 'ice-session-changed');
    await expectProblem(await patch(location, [before], '*'), 'ice-session-changed');
    await fetch(location, { method: 'DELETE' });
  });

  it('answers fragment-invalid to a section that the call does not have', async () => {
    const { location, etag, offered } = await call(await offerOf([]));
    const strange = { ...section(offered), mid: 'other' };
    await expectProblem(await patch(location, [strange], etag), 'fragment-invalid');
    await fetch(location, { method: 'DELETE' });
    await expectProblem(await patch(location, [section(offered)], etag), 'session-unknown');
  });

  it('tells why nothing of a client arrived', async () => {
    const { location } = await call(await offerOf([UNREACHABLE]));
    const { closeReason, codes } = await closed(location);
    expect(closeReason).toBe('not connected in time');
    expect(codes).toEqual(['ice-loopback-only']);
  });

  it('tells that the client did not answer what the server sent', async () => {
    const { answer, location, offered } = await call(await offerOf([]));
    const [, port] = / 127\.0\.0\.1 (\d+) typ host/.exec(answer.sdp) ?? [];
    const own = section(answer.sdp);
    const request = new Message(methods.BINDING, classes.REQUEST);
    request
      .setAttribute('USERNAME', `${own.ufrag}:${section(offered).ufrag}`)
      .setAttribute('PRIORITY', 1)
      .setAttribute('ICE-CONTROLLING', 1n)
      .addMessageIntegrity(Buffer.from(own.password))
      .addFingerprint();
    const socket = createSocket('udp4');
    socket.send(request.bytes, Number(port), '127.0.0.1');
    const [first] = await once(socket, 'message');
    expect(parseMessage(first)?.messageMethod).toBe(methods.BINDING);
    expect((await closed(location)).codes).toEqual(['ice-no-response']);
    socket.close();
  });

  it('takes media at the ports of SIGHTLINE_MEDIA_PORTS, gives them back, and refuses a call where none is left', async () => {
    for (let round = 0; round < 2; round += 1) {
      const calls = await Promise.all(Array.from({ length: 4 }, async () => call(await offerOf([]))));
      const ports = calls.map(({ answer }) => / 127\.0\.0\.1 (431\d\d) typ host/.exec(answer.sdp)?.[1]);
      expect(new Set(ports).size).toBe(4);
      const refused = await fetch(`${sightline.url}/offer`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ type: 'offer', sdp: await offerOf([]) }),
      });
      const { detail } = await expectProblem(refused, 'sessions-exhausted');
      expect(detail).toContain('43100-43107');
      await Promise.all(calls.map(({ location }) => fetch(location, { method: 'DELETE' })));
    }
  });

  it('connects a client that says it has no more candidates, though none of them can be reached', async () => {
    const client = await RtcClient.dial(sightline.url, {
      codec: 'VP8',
      rewriteOffer: (sdp) => sdp.replace(/(a=candidate:\S+ 1 udp \d+ )\S+/g, '$12001:db8::1'),
    });
    await client.close();
  });
});
