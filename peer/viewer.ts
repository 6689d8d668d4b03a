import { EventEmitter } from 'node:events';
import { SightlineError } from '../protocol/errors.ts';
import type { IcePatch, IcePatched } from '../protocol/ice.ts';
import type { ViewerStats } from '../protocol/session.ts';
import type { Effects } from '../protocol/tasks.ts';
import type { ViewOffer } from '../protocol/view.ts';
import type { LiveSession } from './live-session.ts';
import type { CameraFeed } from './pipeline/camera-feed.ts';
import type { Scene } from './pipeline/scene.ts';
import { isVideoCodec } from './rtp/packet.ts';
import { hides, sceneOf } from './scene-of.ts';
import type { Seat, SeatStats } from './sinks/audience.ts';
import type { Programme } from './sinks/programme.ts';
import type { Programmes } from './sinks/programmes.ts';
import type { LinkSettings } from './transport/link.ts';
import type { CodecWish } from './transport/video-choice.ts';
import { ViewerConnection } from './transport/viewer-connection.ts';

export interface ViewerOptions {
  readonly offer: ViewOffer;
  readonly session: LiveSession;
  readonly programmes: Programmes;
  readonly link: LinkSettings;
  /** Bits a second that the picture has at most. */
  readonly maxBitrate: number;
}

export interface ViewerEvents {
  /** Once, after everything is freed. */
  close: [reason: string];
}

const ENCODABLE: CodecWish = { words: 'H264 or VP8', fits: isVideoCodec };
const NOTHING_SHOWN: SeatStats = { framesOut: 0, framesSkipped: 0, keyFramesOut: 0 };

/** One who watches a session, from its offer to its end. It ends with the session; the session goes on without it. */
export class Viewer extends EventEmitter<ViewerEvents> {
  /** The answer to the offer. */
  readonly answerSdp: string;
  readonly #options: ViewerOptions;
  readonly #scene: Scene;
  readonly #connection: ViewerConnection;
  readonly #unhook: (() => void) | undefined;
  #output: 'annotated' | 'passthrough';
  #seat: Seat | undefined;
  #closing: Promise<void> | undefined;

  /**
   * Answers the offer; pictures flow once the connection stands.
   * @throws SightlineError `picture-missing`, `camera-unknown`, `passthrough-unavailable`, and what answering throws
   */
  static async open(options: ViewerOptions): Promise<Viewer> {
    const { offer, session, programmes, link, maxBitrate } = options;
    const scene = sceneOf(session, offer.mid);
    const camera = offer.output === 'passthrough' ? cameraOf(session, scene) : undefined;
    const { connection, sdp } = await ViewerConnection.answer(offer.sdp, {
      ...link,
      wish: camera ? passedOn(camera) : ENCODABLE,
      clock: programmes.clockOf(scene),
      soundClock: session.sounds?.[0]?.clock,
      maxBitrate,
    });
    return new Viewer(options, scene, connection, sdp);
  }

  private constructor(options: ViewerOptions, scene: Scene, connection: ViewerConnection, sdp: string) {
    super();
    this.#options = options;
    this.#scene = scene;
    this.#connection = connection;
    this.answerSdp = sdp;
    this.#output = options.offer.output ?? 'annotated';
    connection.on('state', (state) => {
      if (state === 'connected') this.#watch();
    });
    connection.on('keyframe-requested', () => this.#seat?.requestKeyframe());
    connection.once('close', (reason) => void this.close(reason));
    const sound = options.session.sounds?.[0];
    if (sound) this.#unhook = sound.listen((packet) => connection.sendSound(packet));
    // It may have changed while this was answered.
    this.onEffects(options.session.describe().effects);
    if (connection.state === 'connected') this.#watch();
    if (connection.state === 'closed') void this.close('closed while it was answered');
  }

  /** Names the ICE session: another after each restart. */
  get iceSession(): string {
    return this.#connection.iceSession;
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /**
   * Takes candidates of the viewer, or restarts ICE.
   * @throws SightlineError `ice-session-changed`, `fragment-invalid`, `candidates-exhausted`, `session-unknown`
   */
  patchIce(patch: IcePatch): Promise<IcePatched> {
    return this.#connection.patchIce(patch);
  }

  stats(): ViewerStats {
    const { state, choice } = this.#connection;
    const shown = this.#seat?.stats() ?? NOTHING_SHOWN;
    return { mid: this.#scene.mid, output: this.#output, codec: choice.codec, state, ...shown };
  }

  #watch(): void {
    if (this.#seat === undefined && !this.closed) this.#seat = this.#programme().join(this.#connection);
  }

  #programme(): Programme {
    const { programmes, session } = this.#options;
    const { codec, packetizationMode } = this.#connection.choice;
    const camera = session.cameras?.find(({ mid }) => mid === this.#scene.mid);
    if (this.#output === 'passthrough' && camera) return programmes.passthrough(camera);
    return programmes.annotated(this.#scene, isVideoCodec(codec) ? codec : 'VP8', packetizationMode);
  }

  /**
   * Takes what the session hides from now on: the camera's own picture must not be seen then, and the stream goes on with
   * the next key frame of the annotated one.
   */
  onEffects(effects: Effects): void {
    if (this.#output === 'annotated' || !hides(effects)) return;
    this.#output = 'annotated';
    this.#seat?.leave();
    this.#seat = undefined;
    if (this.#connection.state === 'connected') this.#watch();
  }

  /** Ends it and frees everything. Idempotent; the first reason wins. Never rejects. */
  close(reason: string): Promise<void> {
    this.#closing ??= this.#close(reason);
    return this.#closing;
  }

  async #close(reason: string): Promise<void> {
    this.#unhook?.();
    this.#seat?.leave();
    await this.#connection.close(reason);
    this.emit('close', reason);
    this.removeAllListeners();
  }
}

function cameraOf(session: LiveSession, { mid }: Scene): CameraFeed {
  const unavailable = (found: string) =>
    new SightlineError('passthrough-unavailable', `Cannot show the camera's own picture: ${found}`);
  if (hides(session.describe().effects)) {
    throw unavailable('expected a session that hides nothing, found effects');
  }
  const camera = session.cameras?.find((found) => found.mid === mid);
  if (camera === undefined) throw unavailable('expected a session over WebRTC, found another source');
  if (!isVideoCodec(camera.codec)) {
    throw unavailable(`expected a camera that sends H264 or VP8, found ${camera.codec}`);
  }
  return camera;
}

/** Single NAL unit packets (RFC 6184, mode 0) cannot hold what a camera made for larger ones. */
function passedOn({ codec }: CameraFeed): CodecWish {
  const words =
    codec === 'H264'
      ? 'H264 with packetization-mode=1, as the camera sends'
      : `${codec}, as the camera sends`;
  return { words, fits: (offered, mode) => offered === codec && (codec !== 'H264' || mode === 1) };
}
