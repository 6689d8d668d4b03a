import { SightlineError } from '../../../protocol/errors.ts';
import type { Size } from '../letterbox.ts';

/** A picture in packed 8-bit RGB without padding: width × 3 bytes a row. */
export interface Picture extends Size {
  readonly pixels: Uint8Array;
}

/** The size to bring a frame to, so that it fits within `limit`: its aspect kept, never enlarged. */
export function fitWithin(frame: Size, limit: Size): Size {
  const scale = Math.min(1, limit.width / frame.width, limit.height / frame.height);
  return { width: scaled(frame.width, scale), height: scaled(frame.height, scale) };
}

function scaled(side: number, scale: number): number {
  return Math.max(1, Math.round(side * scale));
}

/** @throws SightlineError `inference-failed` where the pixels are too few for the size. */
export function expectPixels({ width, height, pixels }: Picture): void {
  const needed = width * height * 3;
  if (pixels.length >= needed) return;
  throw new SightlineError(
    'inference-failed',
    `Cannot read a picture of ${width}×${height}: expected ${needed} bytes, found ${pixels.length}`,
  );
}
