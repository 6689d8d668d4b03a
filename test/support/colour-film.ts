import type { AudioPacket } from '../../peer/codec/media-audio.ts';
import type { WriterOptions, WrittenFile } from '../../peer/codec/media-writer.ts';
import { nativeCodecs } from '../../peer/codec/native/codecs.ts';
import type { VideoFrame } from '../../peer/codec/video-frame.ts';
import { paintFlat } from './pictures.ts';

/** Colours in BT.601, limited range. */
const colours = { red: [82, 90, 240], green: [145, 54, 34], blue: [41, 240, 110] } as const;
export type Colour = keyof typeof colours;

const order: readonly Colour[] = ['red', 'green', 'blue'];

/** Picture `n` of a film is red, green or blue, in turns: what is found in it tells which it was. */
export function colourOf(n: number): Colour {
  return order[n % order.length] ?? 'red';
}

/** The colour whose planes are the nearest to those of the picture's first sample. */
export function seenColour({ picture: { planes } }: VideoFrame): Colour | undefined {
  return order.find((colour) =>
    planes.every((plane, index) => Math.abs((plane[0] ?? 0) - (colours[colour][index] ?? 0)) < 12),
  );
}

/** One flat frame. */
export function colourFrame(width: number, height: number, colour: Colour): VideoFrame {
  const frame = nativeCodecs.allocateFrame(width, height, 0);
  paintFlat(frame.picture, colours[colour]);
  return frame;
}

/** Writes a film of so many pictures, at the frame rate of the options, or 25. */
export async function writeColourFilm({
  frames,
  sound = [],
  ...options
}: Omit<WriterOptions, 'width' | 'height'> & {
  readonly frames: number;
  readonly sound?: readonly AudioPacket[];
}): Promise<WrittenFile> {
  const size = { width: 64, height: 48 };
  await using writer = await nativeCodecs.openWriter({ frameRate: 25, ...size, ...options });
  for (const packet of sound) await writer.writeAudio(packet);
  for (let n = 0; n < frames; n++) {
    using frame = colourFrame(size.width, size.height, colourOf(n));
    await writer.writeFrame(frame, n / (options.frameRate ?? 25));
  }
  return await writer.finish();
}
