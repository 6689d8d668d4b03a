import type { LiveSettings } from '../../protocol/session.ts';
import { Call } from './call.ts';
import { ControlLink } from './control-link.ts';
import { IceLink } from './ice-link.ts';
import { pathError } from './path-words.ts';
import { noVideo } from './problem-words.ts';
import { Server } from './server.ts';

/** What to send, where, and what to look for: settings that `call.configure()` can change later. */
export interface ConnectOptions extends LiveSettings {
  /** Where the server is; this page's own origin when left out. */
  url?: string | URL;
  /** Every video track of it is sent. It stays the caller's: nothing here stops it. */
  stream: MediaStream;
  /** Sent as a bearer token where the server asks for a key. */
  key?: string | undefined;
  /** STUN and TURN servers; those that the server hands out when left out. */
  iceServers?: RTCIceServer[];
  /** Ends the attempt, and later the call. */
  signal?: AbortSignal;
}

/**
 * Calls a Sightline server: sends the video of a stream and resolves once the server has taken the call. Listen to
 * `track` and `detections` right after; a picture follows within a second.
 * @throws CallError in words that can be shown; the reason of the signal where that ended it
 */
export async function connect(options: ConnectOptions): Promise<Call> {
  const { stream, signal } = options;
  signal?.throwIfAborted();
  const cameras = stream.getVideoTracks();
  if (cameras.length === 0) throw noVideo();
  if (!('RTCPeerConnection' in globalThis)) throw pathError('browser-unsupported');
  const server = new Server(options.url ?? globalThis.location.origin, options.key);
  const iceServers = options.iceServers ?? (await server.iceServers(signal));
  signal?.throwIfAborted();
  const pc = new RTCPeerConnection({ iceServers });
  try {
    return await offer(pc, server, cameras, options);
  } catch (error) {
    pc.close();
    throw error;
  }
}

async function offer(
  pc: RTCPeerConnection,
  server: Server,
  cameras: MediaStreamTrack[],
  options: ConnectOptions,
): Promise<Call> {
  const { stream, signal, url: _, key: __, iceServers: ___, ...settings } = options;
  const ice = new IceLink(pc, server);
  // Late results are worth nothing: newer ones follow.
  const channel = pc.createDataChannel('detections', { ordered: false, maxRetransmits: 0 });
  const control = new ControlLink(pc.createDataChannel('control'));
  for (const camera of cameras) {
    if (!camera.contentHint) camera.contentHint = 'motion';
    pc.addTransceiver(camera, { direction: 'sendrecv', streams: [stream] });
  }
  await pc.setLocalDescription();
  performance.mark('sightline-offer');
  const sdp = pc.localDescription?.sdp ?? '';
  const taken = await server.offer({ ...settings, type: 'offer', sdp }, signal);
  const { sdp: answer, sessionId, iceSession } = taken;
  performance.mark('sightline-answer');
  ice.begin({ sessionId, iceSession }, sdp);
  const call = new Call({ pc, channel, control, ice, server, sessionId, output: settings.output, signal });
  void call.answer(answer); // its events come in later tasks, after the caller has had the time to listen
  return call;
}
