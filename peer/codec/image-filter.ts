import type { ImageHeader } from './image-header.ts';

/** Orientation (Exif) to FFmpeg's filters that turn the picture upright. */
const turns: Readonly<Record<number, string>> = {
  2: 'hflip',
  3: 'hflip,vflip',
  4: 'vflip',
  5: 'transpose=cclock_flip',
  6: 'transpose=clock',
  7: 'transpose=clock_flip',
  8: 'transpose=cclock',
};

/** Makes limited range of whatever a decoder puts out, as BT.601, which is what JFIF and WebP mean; no alpha: on black. */
const TO_I420 = 'scale=out_range=tv:out_color_matrix=bt601:alphablend=uniform_color,format=yuv420p';

/** FFmpeg's filter graph that makes an upright I420 picture in limited range of what comes of the decoder. */
export function imageFilterOf({ indexed, orientation }: ImageHeader): string {
  const turn = turns[orientation];
  // A palette's alpha would be lost, and the range of single bits is not converted.
  return [...(indexed ? ['format=rgba'] : []), TO_I420, ...(turn ? [turn] : [])].join(',');
}

/** Of the picture that comes out, in pixels. */
export function uprightSize({ width, height, orientation }: ImageHeader): { width: number; height: number } {
  return orientation > 4 ? { width: height, height: width } : { width, height };
}
