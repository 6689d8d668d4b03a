import type { Join, PayloadPart } from './depacketizer.ts';
import type { AccessUnit } from './packet.ts';

/** What a piece costs beside its bytes, so that a bound on bytes is one on a flood of tiny pieces too. */
const PIECE_OVERHEAD_BYTES = 64;

/** The packets of one frame that have come so far. */
export class PartialFrame {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  #timestamp = 0;
  #arrivedAt = Number.NEGATIVE_INFINITY;
  #open: number | undefined;
  #keyframe = false;
  #picture = false;

  /** Takes the next part. False, and the frame is of no use, when it does not fit the one before. */
  add(part: PayloadPart, timestamp: number, arrivedAt: number): boolean {
    if (part.continues !== this.#open) return false;
    for (const piece of part.pieces) {
      this.#pieces.push(piece);
      this.#length += piece.length;
    }
    this.#open = part.leavesOpen;
    this.#keyframe ||= part.keyframe;
    this.#picture ||= part.picture;
    this.#timestamp = timestamp;
    this.#arrivedAt = Math.max(this.#arrivedAt, arrivedAt);
    return true;
  }

  get timestamp(): number {
    return this.#timestamp;
  }

  get keyframe(): boolean {
    return this.#keyframe;
  }

  /** Whether there is anything of a picture in it. */
  get picture(): boolean {
    return this.#picture;
  }

  /** What it holds in memory, about. */
  get bytes(): number {
    return this.#length + this.#pieces.length * PIECE_OVERHEAD_BYTES;
  }

  /** The frame in one piece of memory of its own; `undefined` when a unit in it is open or malformed. */
  toAccessUnit(join: Join): AccessUnit | undefined {
    const data = this.#open === undefined ? join(this.#pieces) : undefined;
    if (data === undefined) return undefined;
    return { data, timestamp: this.#timestamp, keyframe: this.#keyframe, arrivedAt: this.#arrivedAt };
  }
}
