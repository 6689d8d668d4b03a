import { readSettings } from '../../cli/infer/settings.ts';
import type { Codecs } from '../../peer/codec/codecs.ts';
import { loadCodecs } from '../../peer/codec/load-codecs.ts';
import type { MediaReader } from '../../peer/codec/media-reader.ts';
import { fileSource } from '../../peer/codec/media-source.ts';
import { Engines } from '../../peer/engines.ts';
import { createLogger, type Logger } from '../../peer/log.ts';
import type { FrameRecord } from '../../peer/pipeline/frame-record.ts';
import type { Scene } from '../../peer/pipeline/scene.ts';
import { JpegFeed } from '../../peer/sinks/jpeg-feed.ts';
import { FeedSession } from '../../peer/sources/feed-session.ts';
import { ShownFrame } from '../../peer/sources/shown-frame.ts';
import type { Entry } from './entries.ts';

/** Pixels, at most. */
const WIDTH = 640;
/** Of JPEG: 640 × 480 pixels of film stay below 60 kB. */
const QUALITY = 70;

/** Takes pictures of sessions that are fed with films: the pipeline of a media peer, without the network. */
export class Studio implements AsyncDisposable {
  readonly #codecs: Codecs;
  readonly #engines: Engines;
  readonly #log: Logger;

  private constructor(codecs: Codecs, engines: Engines, log: Logger) {
    this.#codecs = codecs;
    this.#engines = engines;
    this.#log = log;
  }

  /** @throws SightlineError where there is no detector or no codec */
  static async open(environment: NodeJS.ProcessEnv): Promise<Studio> {
    const config = readSettings(environment);
    const log = createLogger(config.logLevel, 'gallery');
    return new Studio(await loadCodecs(config.codec, log), await Engines.open(config, log), log);
  }

  /**
   * The picture that a viewer of the session gets, as JPEG.
   * @throws SightlineError `model-unavailable` where this machine has no weights for it
   */
  async take({ name, frame, settings }: Entry, path: string): Promise<Uint8Array> {
    const session = await FeedSession.open({
      sessionId: name,
      settings: { sync: 'exact', ...settings },
      via: 'source',
      engines: this.#engines,
      codecs: this.#codecs,
      log: this.#log,
    });
    try {
      await using reader = await this.#codecs.openReader(fileSource(path));
      return await this.#runTo(frame, reader, session);
    } finally {
      await session.close('the picture is taken');
    }
  }

  /** Shows the session one frame after the other, each once the one before was shown, and keeps the last. */
  async #runTo(last: number, reader: MediaReader, session: FeedSession): Promise<Uint8Array> {
    const shown = new ShownFrame();
    session.scene.addSink(shown);
    for (let at = 0; at < last; at += 1) await this.#show(reader, session, shown);
    const jpeg = this.#nextJpeg(session.scene);
    // Whichever fails first tells of it.
    await Promise.all([jpeg, this.#show(reader, session, shown)]);
    return jpeg;
  }

  async #show(reader: MediaReader, session: FeedSession, shown: ShownFrame): Promise<void> {
    const item = await reader.read();
    if (item?.type !== 'picture')
      throw new Error(`Cannot show the picture: ${reader.info.label} is too short`);
    const now = performance.now();
    const record: FrameRecord = {
      timestamp: item.frame.timestamp,
      arrivedAt: now,
      decodedAt: now,
      encodeMs: undefined,
    };
    const isShown = shown.expect(record);
    session.push(item.frame, record);
    await isShown;
  }

  #nextJpeg(scene: Scene): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const feed = new JpegFeed({
        scene,
        codecs: this.#codecs,
        wish: { quality: QUALITY, width: WIDTH, picture: 'annotated' },
        warn: ({ error }: { error?: unknown }) => reject(error),
        onEmpty: () => {},
      });
      const seat = feed.join({
        isReady: () => true,
        show: ({ data }) => {
          seat.leave();
          resolve(data);
        },
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engines.close();
  }
}
