/**
 * Runs in the call page: reads from each frame that it shows, with what is drawn over it, which frame it is and where the
 * box on the man is.
 */
import { barcodeArea, readBarcode } from '../barcode.ts';

/** What was read of one shown frame. */
export interface ReadFrame {
  /** Unix milliseconds. */
  readonly at: number;
  /** What the barcode says; null where it cannot be read. */
  readonly number: number | null;
  readonly rtpTimestamp: number | null;
  /** Edges of the green box, in pixels; null where there is none. */
  readonly box: { readonly left: number; readonly right: number; readonly bottom: number } | null;
}

declare global {
  interface Window {
    __read?: ReadFrame[];
  }
}

/** The rows of the barcode and of what may be written over the box. */
const BELOW = 176;
/** Green pixels that make an edge of the box, which is 200 high and 120 wide. */
const EDGE = 60;

const read: ReadFrame[] = [];
window.__read = read;
const video = document.querySelector<HTMLVideoElement>('[data-testid=annotated]');
const overlay = document.querySelector<HTMLCanvasElement>('[data-testid=overlay]');
const canvas = new OffscreenCanvas(640, 480);
const context = canvas.getContext('2d', { willReadFrequently: true });

const look = (now: number, { rtpTimestamp }: VideoFrameCallbackMetadata): void => {
  video?.requestVideoFrameCallback(look);
  if (!video || !overlay || !context || video.videoWidth === 0) return;
  const { width, height } = canvas;
  context.drawImage(video, 0, 0, width, height);
  if (!overlay.hidden && overlay.width > 0) context.drawImage(overlay, 0, 0, width, height);
  read.push({
    at: performance.timeOrigin + now,
    number: readNumber(context),
    rtpTimestamp: rtpTimestamp ?? null,
    box: findBox(context.getImageData(0, BELOW, width, height - BELOW)),
  });
};
// The page asked first, so it has drawn on a frame by the time that this is told of it.
video?.requestVideoFrameCallback(look);

function readNumber(from: OffscreenCanvasRenderingContext2D): number | null {
  const area = barcodeArea(canvas.width);
  const { data } = from.getImageData(area.x, area.y, area.width, area.height);
  const luma = new Uint8Array(area.width * area.height);
  for (let at = 0; at < luma.length; at++) luma[at] = data[4 * at + 1] ?? 0;
  return readBarcode(luma, area.width, area) ?? null;
}

function findBox({ data, width, height }: ImageData): ReadFrame['box'] {
  const columns = new Uint16Array(width);
  const rows = new Uint16Array(height);
  for (let at = 0; at < width * height; at++) {
    const [red = 0, green = 0, blue = 0] = [data[4 * at], data[4 * at + 1], data[4 * at + 2]];
    if (green < 110 || green < red + 40 || green < blue + 40) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    columns[x] = (columns[x] ?? 0) + 1;
    rows[y] = (rows[y] ?? 0) + 1;
  }
  const left = columns.findIndex((count) => count >= EDGE);
  const right = columns.findLastIndex((count) => count >= EDGE);
  const bottom = rows.findLastIndex((count) => count >= EDGE);
  return right - left < EDGE || bottom < 0 ? null : { left, right, bottom: BELOW + bottom };
}
