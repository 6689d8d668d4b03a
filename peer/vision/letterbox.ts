import type { Box } from '../../protocol/detections.ts';

/** How a picture is brought to the size of the network's input; the words of a model's manifest. */
export type Fit = 'letterbox' | 'stretch';

/** Width and height in whole pixels, at least 1 each. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a source frame lies in the network's input: its top left corner, this large. The rest is padding. */
export interface Letterbox {
  /** Pixels of the network's input that the picture covers. */
  readonly scaledWidth: number;
  readonly scaledHeight: number;
  /** Network pixels for one source pixel, after rounding to whole pixels. */
  readonly scaleX: number;
  readonly scaleY: number;
}

/** A rectangle in pixels of the network's input, origin top left. */
export type NetworkBox = Box;

/**
 * Fits a source frame into the network's input. `letterbox` keeps the aspect and puts the picture at the top left, as
 * YOLOX was trained (Ge et al., "YOLOX: Exceeding YOLO Series in 2021"); `stretch` scales each side on its own.
 */
export function letterbox(source: Size, network: Size, fit: Fit): Letterbox {
  const scale = Math.min(network.width / source.width, network.height / source.height);
  const scaledWidth = fit === 'stretch' ? network.width : scaledSide(source.width * scale, network.width);
  const scaledHeight = fit === 'stretch' ? network.height : scaledSide(source.height * scale, network.height);
  return {
    scaledWidth,
    scaledHeight,
    scaleX: scaledWidth / source.width,
    scaleY: scaledHeight / source.height,
  };
}

function scaledSide(exact: number, limit: number): number {
  return Math.min(limit, Math.max(1, Math.round(exact)));
}

/**
 * Maps a box from the network's input to fractions of the source frame and cuts off what reaches over the frame,
 * since a detector sees nothing there. Undefined where nothing of the box lies on the frame: it is all padding.
 */
export function toFrame(box: NetworkBox, { scaledWidth, scaledHeight }: Letterbox): Box | undefined {
  const left = Math.max(0, box.x / scaledWidth);
  const top = Math.max(0, box.y / scaledHeight);
  const right = Math.min(1, (box.x + box.width) / scaledWidth);
  const bottom = Math.min(1, (box.y + box.height) / scaledHeight);
  if (!(right > left && bottom > top)) return undefined;
  return { x: left, y: top, width: right - left, height: bottom - top };
}
