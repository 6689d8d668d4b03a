import type { Watching } from '../../protocol/session.ts';
import type { Codecs } from '../codec/codecs.ts';
import type { LiveSession } from '../live-session.ts';
import type { CameraFeed } from '../pipeline/camera-feed.ts';
import type { Scene } from '../pipeline/scene.ts';
import type { RateLimitedWarning } from '../rate-limited-warning.ts';
import type { VideoCodec } from '../rtp/packet.ts';
import type { ReportClock } from '../transport/relayed-clock.ts';
import { ArrivalClock } from './arrival-clock.ts';
import { Broadcast } from './broadcast.ts';
import type { Programme } from './programme.ts';
import { Relay } from './relay.ts';

export interface ProgrammesOptions {
  readonly session: LiveSession;
  readonly codecs: Codecs;
  readonly maxBitrate: number;
  readonly warn: RateLimitedWarning;
}

/** All that can be watched of one session: each encoding is there once, however many watch it. */
export class Programmes {
  readonly #options: ProgrammesOptions;
  readonly #programmes = new Map<string, { readonly mid: string; readonly programme: Programme }>();
  readonly #clocks = new Map<string, ArrivalClock>();

  constructor(options: ProgrammesOptions) {
    this.#options = options;
  }

  /** The annotated picture. */
  annotated(scene: Scene, codec: VideoCodec, packetizationMode: 0 | 1): Programme {
    const { codecs, maxBitrate, warn } = this.#options;
    return this.#find(
      scene.mid,
      `annotated ${codec} ${packetizationMode}`,
      () => new Broadcast({ scene, codec, packetizationMode, codecs, maxBitrate, warn }),
    );
  }

  /** The camera's own picture; both have its clock. */
  passthrough(camera: CameraFeed): Programme {
    return this.#find(camera.mid, 'passthrough', () => new Relay(camera, this.#options.warn));
  }

  /** On which the timestamps of a picture are told. */
  clockOf(scene: Scene): ReportClock {
    const camera = this.#options.session.cameras?.find(({ mid }) => mid === scene.mid);
    if (camera) return camera.clock;
    const clock = this.#clocks.get(scene.mid) ?? new ArrivalClock(scene);
    this.#clocks.set(scene.mid, clock);
    return clock;
  }

  /** Of those that somebody watches. */
  stats(): Watching['encodings'] {
    return [...this.#programmes.values()]
      .map(({ mid, programme }) => ({
        mid,
        output: programme.output,
        codec: programme.codec,
        ...programme.stats(),
      }))
      .filter(({ viewers }) => viewers > 0);
  }

  async close(): Promise<void> {
    for (const clock of this.#clocks.values()) clock.close();
    await Promise.all([...this.#programmes.values()].map(({ programme }) => programme.close()));
  }

  #find(mid: string, kind: string, open: () => Programme): Programme {
    const key = `${mid} ${kind}`;
    const found = this.#programmes.get(key) ?? { mid, programme: open() };
    this.#programmes.set(key, found);
    return found.programme;
  }
}
