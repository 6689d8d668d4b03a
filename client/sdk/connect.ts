import { Call } from './call.ts';
import { IceLink } from './ice-link.ts';
import { pathError } from './path-words.ts';
import { noVideo } from './problem-words.ts';
import { Server } from './server.ts';

/** What to send, where, and what to look for. */
export interface ConnectOptions {
  /** Where the server is; this page's own origin when left out. */
  url?: string | URL;
  /** Every video track of it is sent. It stays the caller's: nothing here stops it. */
  stream: MediaStream;
  /** Id of a model that `GET /models` lists; the server's default when left out. */
  model?: string | undefined;
  /** Objects below this score are neither drawn nor told, 0.01 to 1; the model's own when left out. */
  threshold?: number | undefined;
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
  const { stream, model, threshold, signal } = options;
  const ice = new IceLink(pc, server);
  // Late results are worth nothing: newer ones follow.
  const channel = pc.createDataChannel('detections', { ordered: false, maxRetransmits: 0 });
  for (const camera of cameras) {
    if (!camera.contentHint) camera.contentHint = 'motion';
    pc.addTransceiver(camera, { direction: 'sendrecv', streams: [stream] });
  }
  await pc.setLocalDescription();
  performance.mark('sightline-offer');
  const settings = { ...(model !== undefined && { model }), ...(threshold !== undefined && { threshold }) };
  const sdp = pc.localDescription?.sdp ?? '';
  const taken = await server.offer({ type: 'offer', sdp, ...settings }, signal);
  const { sdp: answer, sessionId, iceSession } = taken;
  performance.mark('sightline-answer');
  ice.begin({ sessionId, iceSession }, sdp);
  const call = new Call({ pc, channel, ice, server, sessionId, signal });
  void call.answer(answer); // its events come in later tasks, after the caller has had the time to listen
  return call;
}
