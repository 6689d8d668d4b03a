import { MediaStreamTrack, RTCPeerConnection, useH264, useOPUS, useVP8 } from 'werift';
import { isErrorCode } from '../../../protocol/errors.ts';
import { Accidents } from './accidents.ts';
import { randomOf } from './fuzz.ts';
import type { LocalServer } from './local-server.ts';
import { mutate } from './mutate.ts';
import { mutateSdp } from './mutate-sdp.ts';

export interface OffersOptions {
  readonly server: LocalServer;
  readonly count: number;
  readonly seed: number;
}

/** What a browser adds to an offer and the library does not write. */
const EXTRAS = [
  'a=extmap-allow-mixed',
  'a=rid:h send',
  'a=rid:l send',
  'a=simulcast:send h;l',
  'a=ssrc-group:FID 11 12',
  'a=ssrc:11 cname:x',
  'a=ssrc:12 cname:x',
  'a=extmap:5 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'a=rtcp-fb:* transport-cc',
  'a=candidate:1 1 udp 2122260223 127.0.0.1 9 typ host',
  'a=candidate:2 1 udp 2122260222 4f1c9ad0-0000.local 9 typ host',
  'a=end-of-candidates',
];

/**
 * Posts offers that are wrong somewhere and hangs up on those that are answered.
 * @returns how often each code was the answer, `answered` among them
 * @throws Error with the seed and the body where the answer is no answer and no problem that is known
 */
export async function fuzzOffers({ server, count, seed }: OffersOptions): Promise<Record<string, number>> {
  using accidents = new Accidents();
  const corpus = await offers();
  const outcomes = new Map<string, number>();
  for (let index = 0; index < count; index++) {
    const body = bodyOf(corpus, seed, index);
    const outcome = await post(server, body).catch(String);
    if (
      (outcome !== 'answered' && !isErrorCode(outcome)) ||
      outcome === 'internal' ||
      accidents.found.length > 0
    ) {
      const cause = accidents.found[0] ?? outcome;
      throw new Error(`Offer ${index} of seed ${seed} came to ${String(cause)}: ${body.toString('hex')}`, {
        cause,
      });
    }
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  return Object.fromEntries(outcomes);
}

function bodyOf(corpus: readonly string[], seed: number, index: number): Buffer {
  const random = randomOf(seed, index);
  const sdp = mutateSdp(corpus, random);
  const body = Buffer.from(JSON.stringify({ type: 'offer', sdp }));
  return random() < 0.1 ? mutate([body], random) : body;
}

async function post({ url, sessions }: LocalServer, body: Buffer): Promise<string> {
  const response = await fetch(`${url}/offer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: new Uint8Array(body),
  });
  const answer = (await response.json()) as { code?: string; sessionId?: string };
  if (!response.ok)
    return response.status < 500 || response.status === 503 ? String(answer.code) : 'internal';
  await sessions.get(answer.sessionId ?? '').close('the offer was answered');
  return 'answered';
}

async function offers(): Promise<string[]> {
  const written = [
    await offer((pc) => pc.addTransceiver(track('video'), { direction: 'sendrecv' })),
    await offer((pc) => {
      pc.addTransceiver(track('audio'), { direction: 'sendrecv' });
      pc.addTransceiver(track('video'), { direction: 'sendonly' });
      pc.createDataChannel('detections');
    }),
  ];
  return [...written, ...written.map((sdp) => sdp + EXTRAS.map((line) => `${line}\r\n`).join(''))];
}

function track(kind: 'audio' | 'video'): MediaStreamTrack {
  return new MediaStreamTrack({ kind });
}

async function offer(prepare: (pc: RTCPeerConnection) => void): Promise<string> {
  const pc = new RTCPeerConnection({
    codecs: { video: [useVP8(), useH264()], audio: [useOPUS()] },
    iceServers: [],
  });
  prepare(pc);
  await pc.setLocalDescription(await pc.createOffer());
  const sdp = pc.localDescription?.sdp ?? '';
  await pc.close();
  return sdp;
}
