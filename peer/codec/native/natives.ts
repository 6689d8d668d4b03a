import { AV_LOG_QUIET } from 'node-av/constants';
import { FFmpegError, Frame, Log } from 'node-av/lib';
import { SightlineError } from '../../../protocol/errors.ts';

// FFmpeg writes straight to the process's stderr, a line for each damaged frame. What went wrong comes back as a return
// code and becomes an error with FFmpeg's own words, so nothing is lost by silence.
Log.setLevel(AV_LOG_QUIET);

let live = 0;

/**
 * How many native objects (frames, packets, codec and scaler contexts) this process holds through peer/codec.
 * 0 once everything is closed; anything else is a leak that no garbage collector sees.
 */
export function liveNatives(): number {
  return live;
}

/** A native object, counted from its making until `release()`, which frees it once. */
export class Native<T> {
  readonly value: T;
  readonly #free: (value: T) => void;
  #released = false;

  constructor(value: T, free: (value: T) => void) {
    this.value = value;
    this.#free = free;
    live += 1;
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    live -= 1;
    this.#free(this.value);
  }
}

/** Counts a frame; without an argument, a new one that has neither size nor planes. */
export function nativeFrame(existing?: Frame): Native<Frame> {
  const frame = existing ?? new Frame();
  if (!existing) frame.alloc();
  return new Native(frame, (value) => value.free());
}

/** A second frame over the same planes (av_frame_clone): neither is writable while both live. */
export function cloneFrame(source: Frame): Native<Frame> {
  const clone = source.clone();
  if (!clone) throw new SightlineError('codec-failed', 'Cannot share a frame: FFmpeg is out of memory');
  return nativeFrame(clone);
}

/**
 * Passes a return code of FFmpeg's that is no error.
 * @throws SightlineError `codec-failed`, caused by FFmpeg's own words
 */
export function expectSuccess(code: number, attempt: string): number {
  if (code >= 0) return code;
  throw new SightlineError('codec-failed', `Cannot ${attempt}: FFmpeg says "${FFmpegError.strerror(code)}"`, {
    cause: new FFmpegError(code),
  });
}
