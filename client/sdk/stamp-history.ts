/** Frames that are kept; the oldest go first. */
const KEEP = 120;
/** The furthest that the time told of a frame may be from the time that it was noted at, in milliseconds. */
const TOLERANCE_MS = 50;

interface Stamp {
  readonly rtpTimestamp: number;
  readonly atMs: number;
}

/** When the encoded frames of a track came, to tell by that which of them is shown. Frames are shown in their order. */
export class StampHistory {
  #stamps: Stamp[] = [];
  /** When the frame that was found last was received, as it was told. */
  #toldMs: number | undefined;
  #found: Stamp | undefined;

  /** An encoded frame came whole. */
  push(rtpTimestamp: number, atMs: number): void {
    this.#stamps.push({ rtpTimestamp, atMs });
    if (this.#stamps.length > KEEP) this.#stamps.shift();
  }

  /**
   * The RTP timestamp of a shown frame; undefined where none fits.
   * @param receivedMs when its last packet came, by the clock of `push()`; told of each shown frame in turn
   */
  shown(receivedMs: number): number | undefined {
    if (this.#found && receivedMs === this.#toldMs) return this.#found.rtpTimestamp;
    const later = this.#stamps.slice(this.#found ? this.#stamps.indexOf(this.#found) + 1 : 0);
    // A frame is noted when it is whole, so hardly before its last packet came; of a burst the first is shown first.
    const distance = ({ atMs }: Stamp) => Math.abs(atMs - receivedMs);
    const [nearest] = later.toSorted((a, b) => distance(a) - distance(b));
    if (!nearest || distance(nearest) > TOLERANCE_MS) return undefined;
    this.#toldMs = receivedMs;
    this.#found = nearest;
    return nearest.rtpTimestamp;
  }
}
