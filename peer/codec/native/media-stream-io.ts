import type { Writable } from 'node:stream';
import { AVERROR_EIO, AVERROR_ENOSPC, AVERROR_EPIPE } from 'node-av/constants';

/**
 * Lets FFmpeg write into a stream of bytes, as fast as that takes them.
 * @param onBytes told of each write @param signal lets go of a write that waits
 */
export function writeCallback(
  stream: Writable,
  onBytes: (count: number) => void,
  signal: AbortSignal,
): (bytes: Buffer) => Promise<number> {
  return (bytes) => {
    if (signal.aborted || stream.destroyed) return Promise.resolve(AVERROR_EPIPE);
    const { promise, resolve } = Promise.withResolvers<number>();
    const letGo = () => resolve(AVERROR_EPIPE);
    signal.addEventListener('abort', letGo, { once: true });
    // FFmpeg uses its buffer again.
    stream.write(Buffer.from(bytes), (error) => {
      signal.removeEventListener('abort', letGo);
      if (!error) onBytes(bytes.length);
      resolve(error ? toCode(error) : bytes.length);
    });
    return promise;
  };
}

function toCode(error: NodeJS.ErrnoException): number {
  if (error.code === 'ENOSPC') return AVERROR_ENOSPC;
  return error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED' ? AVERROR_EPIPE : AVERROR_EIO;
}
