import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MediaStreamTrack, RTCPeerConnection, useVP8 } from 'werift';
import type { EncodedFrame } from '../../peer/codec/encoder.ts';
import type { Refusal } from '../../protocol/refusals.ts';
import { answerSchema } from '../../protocol/session.ts';
import { hasWeights } from '../peer/inference/yolox-nano.ts';
import { syntheticFilm } from '../support/coded-film.ts';
import { eventually } from '../support/eventually.ts';
import { Attacker } from '../support/fuzz/attacker.ts';
import { Bystander } from '../support/fuzz/bystander.ts';
import { dtlsCorpus, rtpCorpus, stunCorpus } from '../support/fuzz/corpus.ts';
import { LocalServer } from '../support/fuzz/local-server.ts';
import { expectProblem } from '../support/problem.ts';
import { RtcClient } from '../support/rtc-client.ts';

/** Of a data channel (RFC 8832, section 5.2). */
const ACKNOWLEDGEMENT = 2;

describe.skipIf(!hasWeights)('a call names what it refuses (skipped where the weights are not there)', () => {
  let server: LocalServer;
  let film: EncodedFrame[];
  let attacker: Attacker;
  beforeAll(async () => {
    server = await LocalServer.start();
    film = await syntheticFilm('VP8', 12, 0);
  });
  afterAll(() => server[Symbol.asyncDispose]());
  beforeEach(async () => {
    attacker = await Attacker.dial(server.url);
  });
  afterEach(() => attacker.close());

  const describeCall = async () => server.sessions.describe(attacker.client.sessionId);
  const counted = (refusal: Refusal, atLeast = 1) =>
    eventually(describeCall, ({ packetsRefused }) => (packetsRefused[refusal] ?? 0) >= atLeast);
  const serves = () => new Bystander(attacker.client, film).expectService();

  it('stun-unauthenticated: a binding request of the right user name without integrity moves nothing', async () => {
    for (const request of stunCorpus(attacker.userName)) attacker.sendFromOutside(request);
    // Five of the corpus are requests; what is no request is not answered by anything.
    await counted('stun-unauthenticated', 4);
    await serves();
  });

  it('addresses-exhausted: requests from ever new addresses', async () => {
    const [, request = Buffer.alloc(0)] = stunCorpus(attacker.userName);
    await attacker.sendFromMany(140, () => attacker.signStun(request));
    await counted('addresses-exhausted', 5);
  });

  it('dtls-unexpected: alerts and hellos that anybody may have sent do not end the call', async () => {
    for (const record of dtlsCorpus()) attacker.sendFromOutside(record);
    await counted('dtls-unexpected', 8);
    await serves();
  });

  it('ssrc-collision: packets under an SSRC of ours are dropped, and our stream goes on', async () => {
    const names = attacker.names;
    for (const packet of rtpCorpus('VP8', film, { ...names, localSsrc: names.remoteSsrc }).slice(0, 5))
      await attacker.sendDatagram(attacker.protectRtp(packet));
    await counted('ssrc-collision', 5);
    await serves();
  });

  it('rtp-malformed: an extension that says it is longer than its packet is not looked for', async () => {
    const packet = Buffer.alloc(40);
    packet.set([0x90, attacker.names.payloadType, 0, 1]);
    packet.set([0xbe, 0xde, 0xff, 0xff], 12);
    attacker.sendFromOutside(packet);
    await counted('rtp-malformed');
    await serves();
  });

  it('sctp-malformed: a chunk of length 0 and an acknowledgement of no channel end neither the process nor the call', async () => {
    await attacker.sendChunks(Buffer.from([4, 0, 0, 0, 0, 0, 0, 0]));
    await attacker.sendMessage(Buffer.from([ACKNOWLEDGEMENT]), { stream: 30, protocol: 50 });
    await counted('sctp-malformed', 2);
    await serves();
  });

  it('channels-exhausted: channels without end', async () => {
    for (let index = 0; index < 40; index++) attacker.client.connection.createDataChannel(`channel ${index}`);
    await counted('channels-exhausted');
    await serves();
  });

  it('control-flooded: questions of a client that takes no answers', async () => {
    attacker.stopAcknowledging();
    const asked = setInterval(() => {
      for (let index = 0; index < 20; index++) void attacker.sendMessage(Buffer.from('?'), { channel: 0 });
    }, 5);
    try {
      await counted('control-flooded');
    } finally {
      clearInterval(asked);
    }
  });

  it('feedback-missing: a client that stops reporting is told so, and sent the least', async () => {
    const channel = attacker.client.connection.createDataChannel('control');
    const notices: unknown[] = [];
    channel.onMessage.subscribe((message) => notices.push(JSON.parse(String(message))));
    const camera = new Bystander(attacker.client, film);
    await camera.expectService();
    const report = attacker.silenceFeedback();
    await camera.sendUntil(() => notices.length > 0);
    expect(notices).toMatchObject([{ type: 'notice', code: 'feedback-missing' }]);
    expect(await describeCall()).toMatchObject({ feedbackMissing: true });
    report();
    await camera.sendUntil(() => !server.sessions.describe(attacker.client.sessionId).feedbackMissing);
  }, 40_000);

  it('has no socket any more for datagrams of a call that has ended', async () => {
    const [address, port] = attacker.serverAddress;
    const session = server.sessions.get(attacker.client.sessionId);
    const socket = createSocket('udp4');
    socket.connect(port, address);
    await once(socket, 'connect');
    await session.close('the test ends it');
    const refused = once(socket, 'error');
    socket.send(Buffer.from([0x80, 0, 0, 0]));
    expect((await refused)[0]).toMatchObject({ code: 'ECONNREFUSED' });
    socket.close();
  });
});

describe.skipIf(!hasWeights)(
  'a call that is set up wrongly (skipped where the weights are not there)',
  () => {
    let server: LocalServer;
    let offer: string;
    beforeAll(async () => {
      server = await LocalServer.start();
      const client = await RtcClient.dial(server.url, {
        codec: 'VP8',
        rewriteOffer: (sdp) => {
          offer = sdp;
          return sdp;
        },
      });
      await client.close();
    });
    afterAll(() => server[Symbol.asyncDispose]());

    const post = (body: object) =>
      fetch(`${server.url}/offer`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });

    it('offer-expected: an answer in the place of the offer, by its type or by its SDP', async () => {
      const answer = offer.replaceAll('a=setup:actpass', 'a=setup:active');
      await expectProblem(await post({ type: 'answer', sdp: offer }), 'offer-expected');
      await expectProblem(await post({ type: 'offer', sdp: answer }), 'offer-expected');
    });

    it('sdp-invalid: two streams of one SSRC', async () => {
      const [, ssrc] = /a=ssrc:(\d+)/.exec(offer) ?? [];
      const again = offer.slice(offer.indexOf('m=video'), offer.indexOf('m=application'));
      const twice = `${offer}${again.replace(/a=mid:.*/, 'a=mid:again')}`;
      const { detail } = await expectProblem(await post({ type: 'offer', sdp: twice }), 'sdp-invalid');
      expect(detail).toContain(`found ${ssrc} in two sections`);
      const group = offer.replace('a=ssrc:', `a=ssrc-group:FID ${ssrc} ${ssrc}\r\na=ssrc:`);
      await expectProblem(await post({ type: 'offer', sdp: group }), 'sdp-invalid');
    });

    it('ice-wrong-credentials: a client that took the answer to another offer', async () => {
      const client = new RTCPeerConnection({ codecs: { video: [useVP8()] }, iceServers: [] });
      try {
        client.addTransceiver(new MediaStreamTrack({ kind: 'video' }), { direction: 'sendonly' });
        await client.setLocalDescription(await client.createOffer());
        const sdp = client.localDescription?.sdp ?? '';
        const answer = answerSchema.parse(await (await post({ type: 'offer', sdp })).json());
        const other = answerSchema.parse(await (await post({ type: 'offer', sdp })).json());
        const [password = ''] = /a=ice-pwd:.*/.exec(other.sdp) ?? [];
        await client.setRemoteDescription({
          type: 'answer',
          sdp: answer.sdp.replaceAll(/a=ice-pwd:.*/g, password),
        });
        const { packetsRefused } = await eventually(
          async () => server.sessions.describe(answer.sessionId),
          ({ diagnosis }) => diagnosis?.some(({ code }) => code === 'ice-wrong-credentials') ?? false,
        );
        expect(packetsRefused['stun-unauthenticated']).toBeGreaterThan(0);
      } finally {
        await client.close();
      }
    });
  },
);
