import { nativeCodecs } from '../../peer/codec/native/codecs.ts';
import { syntheticFrame } from './pictures.ts';

/** Writes a film of 160×120 with 30 pictures a second, with its index in front. */
export async function writeSmallFilm(path: string, frames: number): Promise<void> {
  await using writer = await nativeCodecs.openWriter({ target: path, width: 160, height: 120 });
  for (let n = 0; n < frames; n++) {
    using frame = syntheticFrame(160, 120, n);
    await writer.writeFrame(frame, n / 30);
  }
  await writer.finish();
}

/** The same film with its index behind the pictures, as most programs write it (ISO/IEC 14496-12, section 6.2.3). */
export function indexLast(film: Buffer): Buffer {
  const boxes: Buffer[] = [];
  for (let at = 0; at < film.length; at += film.readUInt32BE(at)) {
    boxes.push(Buffer.from(film.subarray(at, at + film.readUInt32BE(at))));
  }
  const isIndex = (box: Buffer) => box.toString('latin1', 4, 8) === 'moov';
  const index = boxes.find(isIndex);
  const offsets = index?.indexOf('stco') ?? -1;
  if (!index || offsets < 0) throw new Error('Expected a film with an index of 32 bits');
  for (let n = 0; n < index.readUInt32BE(offsets + 8); n++) {
    const at = offsets + 12 + 4 * n;
    index.writeUInt32BE(index.readUInt32BE(at) - index.length, at);
  }
  return Buffer.concat([...boxes.filter((box) => !isIndex(box)), index]);
}

/** A second of silence: a file with sound alone (RIFF WAVE, PCM of 8 kHz). */
export function silence(): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + 8000, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(8000, 40);
  return Buffer.concat([head, Buffer.alloc(8000, 128)]);
}
