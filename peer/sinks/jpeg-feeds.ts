import { SightlineError } from '../../protocol/errors.ts';
import type { JpegWish } from '../../protocol/frame-messages.ts';
import type { Codecs } from '../codec/codecs.ts';
import type { Logger } from '../log.ts';
import type { Scene } from '../pipeline/scene.ts';
import { type RateLimitedWarning, rateLimitedWarning } from '../rate-limited-warning.ts';
import { JpegFeed, type JpegReader, type JpegSeat } from './jpeg-feed.ts';

export interface JpegFeedsOptions {
  readonly codecs: Codecs;
  /** Those who read at a time. */
  readonly maxReaders: number;
  readonly log: Logger;
}

/** All who read JPEGs of the scenes of this peer: those who want the same share one encoding. */
export class JpegFeeds {
  readonly #options: JpegFeedsOptions;
  readonly #feeds = new Map<Scene, Map<string, JpegFeed>>();
  readonly #warn: RateLimitedWarning;
  #readers = 0;

  constructor(options: JpegFeedsOptions) {
    this.#options = options;
    this.#warn = rateLimitedWarning(options.log);
  }

  /**
   * Shows a scene to one more reader, until its seat is left.
   * @throws SightlineError `viewers-exhausted`; `passthrough-unavailable` where the picture as it came would show what
   * is to be hidden
   */
  join(scene: Scene, wish: JpegWish, reader: JpegReader): JpegSeat {
    const { maxReaders } = this.#options;
    if (this.#readers >= maxReaders) throw exhausted(maxReaders);
    if (wish.picture === 'original' && scene.hides) throw hidden();
    this.#readers++;
    const seat = this.#feedOf(scene, wish).join(reader);
    let left = false;
    const leave = () => {
      if (left) return;
      left = true;
      this.#readers--;
      seat.leave();
    };
    return { poke: () => seat.poke(), leave };
  }

  #feedOf(scene: Scene, { quality, width, picture }: JpegWish): JpegFeed {
    const feeds = this.#feeds.get(scene) ?? new Map<string, JpegFeed>();
    this.#feeds.set(scene, feeds);
    const key = `${picture} ${quality} ${width ?? 'full'}`;
    const onEmpty = () => {
      feeds.delete(key);
      if (feeds.size === 0) this.#feeds.delete(scene);
    };
    const { codecs } = this.#options;
    const wish = { quality, width, picture };
    const feed = feeds.get(key) ?? new JpegFeed({ scene, codecs, wish, warn: this.#warn, onEmpty });
    feeds.set(key, feed);
    return feed;
  }
}

function exhausted(maxReaders: number): SightlineError {
  return new SightlineError(
    'viewers-exhausted',
    `Cannot show the session to another: all ${maxReaders} places for readers of this media peer are taken`,
    { retryAfterSeconds: 5 },
  );
}

function hidden(): SightlineError {
  return new SightlineError(
    'passthrough-unavailable',
    'Cannot show the picture as it came: expected a session that hides nothing, found effects',
  );
}
