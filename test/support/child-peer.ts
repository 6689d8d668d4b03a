/**
 * The program of a fake media peer, for tests of what starts such programs. CHILD_PEER says how it behaves:
 * `serve` registers and serves until SIGTERM; `misconfigured` ends with a start-up error; `crash` ends with another;
 * `stubborn` serves and does not heed SIGTERM.
 */
import { FakePeer } from './fake-peer.ts';

const {
  CHILD_PEER,
  SIGHTLINE_SIGNALING_URL,
  SIGHTLINE_PEER_TOKEN,
  SIGHTLINE_PEER_ID,
  SIGHTLINE_MAX_SESSIONS,
} = process.env;

if (CHILD_PEER === 'misconfigured') {
  process.stderr.write('reading the model\nmodel-hash-mismatch: Cannot load yolox_nano.onnx\n');
  process.exit(78);
}
if (CHILD_PEER === 'crash') process.exit(3);

const peer = new FakePeer({
  url: SIGHTLINE_SIGNALING_URL ?? '',
  token: SIGHTLINE_PEER_TOKEN ?? '',
  peerId: SIGHTLINE_PEER_ID ?? '',
  maxSessions: Number(SIGHTLINE_MAX_SESSIONS),
  // The process id stands where a test can read it
  codec: `process ${process.pid}`,
});
process.on('SIGTERM', () => {
  if (CHILD_PEER !== 'stubborn') process.exit(0);
});
process.once('disconnect', () => process.exit(0));
peer.socket.on('connect_error', () => process.exit(1));
