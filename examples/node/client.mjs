// Sends a film to Sightline, and keeps what comes back: the annotated film, and the results as JSON lines.
//
//   node client.mjs film.mp4 --server http://127.0.0.1:8080 --video annotated.mp4 --detections detections.jsonl

import { createWriteStream } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { MediaStreamTrack, RTCPeerConnection, useVP8 } from 'werift';
import { Film } from './film.mjs';
import { Recording } from './recording.mjs';

// What was sent last takes this long to come back.
const LAST_FRAMES_MS = 500;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    server: { type: 'string', default: 'http://127.0.0.1:8080' },
    video: { type: 'string', default: 'annotated.mp4' },
    detections: { type: 'string', default: 'detections.jsonl' },
    settings: { type: 'string', default: '{}' },
    format: { type: 'string' },
    loop: { type: 'boolean', default: false },
    seconds: { type: 'string' },
  },
});
const [source] = positionals;
if (!source) {
  process.stderr.write('Usage: node client.mjs FILM [--server URL] [--video FILE] [--detections FILE]\n');
  process.exit(64);
}

const server = new URL(options.server.replace(/\/?$/, '/'));
const key = process.env.SIGHTLINE_KEY;
const authorization = key ? { authorization: `Bearer ${key}` } : {};

/** Posts the offer, and takes the answer. @returns where the session is */
async function exchange(pc) {
  const offer = await pc.createOffer();
  // It would ask a STUN server on the internet; one of your own goes into the configuration, and this line away.
  for (const { connection } of pc.iceTransports) delete connection.stunServer;
  await pc.setLocalDescription(offer); // resolves once all candidates are in the offer
  const { sdp } = pc.localDescription;
  const response = await fetch(new URL('offer', server), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: JSON.stringify({ ...JSON.parse(options.settings), type: 'offer', sdp }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`The server does not take the call: ${answer.detail ?? response.status}`);
  await pc.setRemoteDescription({ type: 'answer', sdp: answer.sdp });
  return new URL(`sessions/${answer.sessionId}`, server);
}

const pc = new RTCPeerConnection({
  codecs: { video: [useVP8()] },
  bundlePolicy: 'max-bundle',
  iceAdditionalHostAddresses: ['127.0.0.1'], // for a server on this machine
});
const camera = new MediaStreamTrack({ kind: 'video' });
const { receiver } = pc.addTransceiver(camera, { direction: 'sendrecv' });

const recording = new Recording(options.video);
recording.onLoss = () => void receiver.sendRtcpPLI(receiver.track.ssrc);
pc.ontrack = ({ track }) => track.onReceiveRtp.subscribe((packet) => recording.push(packet));

const detections = createWriteStream(options.detections);
// A late result is worth nothing: no order, and nothing is sent twice.
const channel = pc.createDataChannel('detections', { ordered: false, maxRetransmits: 0 });
channel.onMessage.subscribe((message) => detections.write(`${message}\n`));

const connected = new Promise((resolve, reject) => {
  pc.connectionStateChange.subscribe((state) => {
    if (state === 'connected') resolve();
    if (state === 'failed') reject(new Error('The server cannot be reached: ICE found no path'));
  });
});

try {
  const session = await exchange(pc);
  await connected;
  const film = new Film(source, options);
  film.onPacket = (packet) => camera.writeRtp(packet);
  await Promise.race([film.ended, ...(options.seconds ? [delay(Number(options.seconds) * 1000)] : [])]);
  film.stop();
  await delay(LAST_FRAMES_MS);
  await fetch(session, { method: 'DELETE', headers: authorization });
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
await pc.close();
detections.end();
await recording.close();
