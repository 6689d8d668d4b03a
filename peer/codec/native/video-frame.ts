import { AVCOL_SPC_BT470BG, AVCOL_SPC_BT709, AVCOL_SPC_SMPTE170M } from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import { SightlineError } from '../../../protocol/errors.ts';
import type { I420Picture } from '../../vision/i420.ts';
import type { ColourMatrix, VideoFrame } from '../video-frame.ts';
import { type FramePool, newI420Frame } from './frame-pool.ts';
import { cloneFrame, expectSuccess, type Native } from './natives.ts';

/** A frame in FFmpeg's memory. */
export class NativeVideoFrame implements VideoFrame {
  readonly timestamp: number;
  readonly #pool: FramePool | undefined;
  #held: Native<Frame>;
  /** Whether the planes came from the pool; those of the decoder go back to the decoder. */
  #pooled: boolean;
  #picture: I420Picture | undefined;
  #closed = false;

  /**
   * For peer/codec/native; everyone else gets frames from a decoder or from `allocate()`.
   * @param held a YUV420P frame in limited range, owned by this object from now on
   * @param source the pool that copies are made from, and whether `held` is from it as well
   */
  constructor(held: Native<Frame>, timestamp: number, source: { pool?: FramePool; pooled?: boolean } = {}) {
    this.#held = held;
    this.timestamp = timestamp;
    this.#pool = source.pool;
    this.#pooled = source.pooled ?? false;
  }

  /** A new frame to be painted. Its planes are not cleared. */
  static allocate(width: number, height: number, timestamp: number): NativeVideoFrame {
    return new NativeVideoFrame(newI420Frame(width, height), timestamp);
  }

  get width(): number {
    return this.native.width;
  }

  get height(): number {
    return this.native.height;
  }

  get matrix(): ColourMatrix | undefined {
    const space = this.native.colorSpace;
    if (space === AVCOL_SPC_BT709) return 'bt709';
    return space === AVCOL_SPC_SMPTE170M || space === AVCOL_SPC_BT470BG ? 'bt601' : undefined;
  }

  get isWritable(): boolean {
    return this.native.isWritable;
  }

  /** Both `makeWritable()` and `close()` empty the views: an old one would reach memory that is somebody else's. */
  get picture(): I420Picture {
    this.#picture ??= viewOf(this.native);
    return this.#picture;
  }

  /** For peer/codec/native: FFmpeg's frame. It must not outlive this object without a reference of its own. */
  get native(): Frame {
    if (this.#closed) throw new SightlineError('codec-failed', 'Cannot use the frame: it is closed');
    return this.#held.value;
  }

  share(): NativeVideoFrame {
    const source = { pooled: this.#pooled, ...(this.#pool ? { pool: this.#pool } : {}) };
    return new NativeVideoFrame(cloneFrame(this.native), this.timestamp, source);
  }

  makeWritable(): void {
    const from = this.native;
    if (from.isWritable) return;
    const copy = this.#pool?.take(from.width, from.height) ?? newI420Frame(from.width, from.height);
    try {
      expectSuccess(copy.value.copy(from), 'copy a frame');
      expectSuccess(copy.value.copyProps(from), 'copy the properties of a frame');
    } catch (error) {
      copy.release();
      throw error;
    }
    this.#letGo();
    this.#held = copy;
    this.#pooled = this.#pool !== undefined;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#letGo();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #letGo(): void {
    for (const plane of this.#picture?.planes ?? []) detach(plane);
    this.#picture = undefined;
    if (this.#pool && this.#pooled) this.#pool.give(this.#held);
    else this.#held.release();
  }
}

function viewOf(frame: Frame): I420Picture {
  const [y, u, v] = frame.data ?? [];
  const [yStride, uStride, vStride] = frame.linesize;
  if (!y || !u || !v || !yStride || !uStride || !vStride) {
    throw new SightlineError('codec-failed', 'Cannot read a frame: expected three planes, found fewer');
  }
  const { width, height } = frame;
  return { width, height, planes: [y, u, v], strides: [yStride, uStride, vStride] };
}

/** Empties every view of the plane. The memory is FFmpeg's and stays. */
function detach(plane: Uint8Array): void {
  if (plane.buffer instanceof ArrayBuffer && !plane.buffer.detached) plane.buffer.transfer();
}
