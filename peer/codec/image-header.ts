import { SightlineError } from '../../protocol/errors.ts';
import { invalidImage } from './image-errors.ts';
import { readJpegHeader } from './image-jpeg.ts';
import { readPngHeader } from './image-png.ts';
import { readWebpHeader } from './image-webp.ts';

export type ImageFormat = 'jpeg' | 'png' | 'webp';

/** Options of `Codecs.decodeImage()`. */
export interface ImageOptions {
  /** Width times height of the largest picture that is decoded. */
  readonly maxPixels: number;
  /** RTP timestamp of the frame, 90 kHz; 0 when left out. */
  readonly timestamp?: number;
}

/** What the first bytes of a still picture tell of it. */
export interface ImageHeader {
  readonly format: ImageFormat;
  /** Pixels, as stored: an orientation may turn it. */
  readonly width: number;
  readonly height: number;
  /** How it is to be turned to stand upright (Exif 3.0, tag 0x0112); 1 is as stored. */
  readonly orientation: number;
  /** Whether its samples are indices or single bits, which are to be made colours before anything else. */
  readonly indexed: boolean;
  /** What a decoder is given: all of it, or without parts that a picture does not need. */
  readonly data: Uint8Array;
}

const readers: readonly ((bytes: Uint8Array) => ImageHeader | undefined)[] = [
  readJpegHeader,
  readPngHeader,
  readWebpHeader,
];

/**
 * Reads the header of a picture, so that nothing is allocated for one that is too large.
 * @throws SightlineError `image-unsupported` where it is none of JPEG, PNG and WebP, or a kind of them that is not
 * decoded; `image-invalid` where it is damaged or cut short; `image-too-large` beyond `maxPixels`
 */
export function readImageHeader(bytes: Uint8Array, { maxPixels }: ImageOptions): ImageHeader {
  for (const read of readers) {
    const header = read(bytes);
    if (header) return expectPixels(header, maxPixels);
  }
  const found = bytes.length === 0 ? 'found 0 bytes' : `found ${bytes.length} bytes of something else`;
  throw new SightlineError(
    bytes.length === 0 ? 'image-invalid' : 'image-unsupported',
    `Cannot read the image: expected JPEG, PNG or WebP, ${found}`,
  );
}

function expectPixels(header: ImageHeader, maxPixels: number): ImageHeader {
  const { width, height } = header;
  if (width === 0 || height === 0) throw invalidImage(`expected a size above 0, found ${width}×${height}`);
  if (width * height <= maxPixels) return header;
  throw new SightlineError(
    'image-too-large',
    `Cannot read the image: expected at most ${maxPixels} pixels, found ${width}×${height}`,
  );
}
