/** What is done to a track before it is given out. */
export type Prepare = (track: MediaStreamTrack) => void;

/**
 * The tracks of one picture that were given out: the first, and every clone of it. Together they are one user of the
 * camera: it is switched off while all of them are, and `onUnused` is called once the last was stopped, which no event
 * tells of (W3C mediacapture-streams, section 4.3).
 */
export class HandedTracks {
  readonly #camera: MediaStreamTrack;
  readonly #prepare: Prepare;
  readonly #onUnused: () => void;
  readonly #live = new Set<MediaStreamTrack>();

  constructor(camera: MediaStreamTrack, prepare: Prepare, onUnused: () => void) {
    this.#camera = camera;
    this.#prepare = prepare;
    this.#onUnused = onUnused;
  }

  /** Gives out a track: its `stop()`, `clone()` and `enabled` are replaced by ones that keep count. */
  hand(track: MediaStreamTrack): MediaStreamTrack {
    this.#live.add(track);
    const { stop, clone } = track;
    const define = (name: string, descriptor: PropertyDescriptor) =>
      Object.defineProperty(track, name, { ...descriptor, configurable: true });
    define('stop', {
      writable: true,
      value: () => {
        stop.call(track);
        this.#stopped(track);
      },
    });
    define('clone', { writable: true, value: () => this.hand(clone.call(track)) });
    const own = Object.getOwnPropertyDescriptor(MediaStreamTrack.prototype, 'enabled');
    define('enabled', {
      get: () => own?.get?.call(track),
      set: (enabled: boolean) => {
        own?.set?.call(track, enabled);
        this.#switchCamera();
      },
    });
    this.#prepare(track);
    return track;
  }

  /** Ends those that are still live, and tells them so, as a camera does that is unplugged. */
  end(): void {
    const ending = [...this.#live];
    this.#live.clear();
    for (const track of ending) {
      if (track.readyState === 'ended') continue;
      MediaStreamTrack.prototype.stop.call(track);
      track.dispatchEvent(new Event('ended')); // browsers leave it out where a page stops a track
    }
  }

  #stopped(track: MediaStreamTrack): void {
    if (!this.#live.delete(track)) return;
    if (this.#live.size === 0) this.#onUnused();
    else this.#switchCamera();
  }

  /** What nobody is to see does not go to the server either. */
  #switchCamera(): void {
    this.#camera.enabled = [...this.#live].some(({ enabled }) => enabled);
  }
}
