import type { IncomingMessage } from 'node:http';

/** A caller from which nothing comes for so long is gone, or is here to hold places. */
const STALL_MS = 30_000;

export interface WatchOptions {
  /** Whether nothing can come because nothing is taken: that is no fault of the caller. */
  readonly isHeldBack?: () => boolean;
  readonly stallMs?: number;
}

/**
 * Ends the connection of a caller that sends nothing of its body for half a minute.
 * @returns ends the watch
 */
export function watchUpload(
  body: IncomingMessage,
  { isHeldBack = () => false, stallMs = STALL_MS }: WatchOptions = {},
): () => void {
  let seen = -1;
  const timer = setInterval(() => {
    const { bytesRead } = body.socket;
    if (body.complete) clearInterval(timer);
    else if (bytesRead === seen && !isHeldBack()) body.destroy();
    seen = bytesRead;
  }, stallMs);
  const end = () => clearInterval(timer);
  body.once('close', end);
  return end;
}
