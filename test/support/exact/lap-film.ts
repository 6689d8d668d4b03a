import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { paintBarcode } from '../barcode.ts';
import { footagePath, readFootage } from '../footage.ts';
import { seededRandom } from '../link/seeded-random.ts';
import { packed } from '../pictures.ts';
import { MAN_AT_WEBCAM } from '../truth.ts';
import { LAP, placeAt } from './lap.ts';

const WIDTH = 640;
const HEIGHT = 480;
/** The film that the man is cut out of is made this large: he is 120×200 pixels then. */
const SOURCE = { width: 280, height: 210 };
/** Steps of luma: what a camera has in a dim room. Without it, a call would send next to nothing. */
const NOISE = 12;
const cache = fileURLToPath(new URL('../../../.cache/test', import.meta.url));

/** A rectangle of tightly packed I420. */
interface Patch {
  readonly width: number;
  readonly height: number;
  readonly i420: Uint8Array;
}

/**
 * A camera whose picture says which frame it is, twice: a barcode, and a man who makes a lap. It plays in a loop.
 * @returns the path of a .y4m file; made once
 */
export async function lapFilm(): Promise<string> {
  const source = footagePath('asl_milk.mkv');
  if (source === undefined) throw new Error('Cannot find the footage asl_milk.mkv');
  const target = `${cache}/lap-${WIDTH}x${HEIGHT}.y4m`;
  if (existsSync(target)) return target;
  mkdirSync(cache, { recursive: true });
  const unfinished = `${target}.${process.pid}`;
  const man = await cutOut(source);
  const picture = new Uint8Array(WIDTH * HEIGHT * 1.5);
  const random = seededRandom(1);
  {
    await using file = await open(unfinished, 'w');
    await file.write(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F30:1 Ip A1:1 C420jpeg\n`);
    for (let frame = 0; frame < LAP; frame++) {
      for (let at = 0; at < WIDTH * HEIGHT; at++) picture[at] = 150 + NOISE * (random() - 0.5);
      picture.fill(128, WIDTH * HEIGHT);
      paste(picture, man, placeAt(frame));
      paintBarcode(picture, WIDTH, HEIGHT, frame);
      await file.write('FRAME\n');
      await file.write(picture);
    }
  }
  renameSync(unfinished, target);
  return target;
}

async function cutOut(source: string): Promise<Patch> {
  const even = (share: number, whole: number) => 2 * Math.round((share * whole) / 2);
  const x = even(MAN_AT_WEBCAM.x, SOURCE.width);
  const y = even(MAN_AT_WEBCAM.y, SOURCE.height);
  const width = even(MAN_AT_WEBCAM.width, SOURCE.width);
  const height = Math.min(even(MAN_AT_WEBCAM.height, SOURCE.height), SOURCE.height - y);
  for await (using frame of readFootage(source, SOURCE)) {
    const whole = { ...SOURCE, i420: packed(frame.picture) };
    const patch = { width, height, i420: new Uint8Array(width * height * 1.5) };
    copy(whole, { x, y }, patch, { x: 0, y: 0 }, { width, height });
    return patch;
  }
  throw new Error('Expected the footage to have a picture');
}

function paste(picture: Uint8Array, patch: Patch, to: { x: number; y: number }): void {
  copy(patch, { x: 0, y: 0 }, { width: WIDTH, height: HEIGHT, i420: picture }, to, patch);
}

function copy(
  from: Patch,
  at: { x: number; y: number },
  into: Patch,
  to: { x: number; y: number },
  { width, height }: { width: number; height: number },
): void {
  for (const plane of [0, 1, 2]) {
    const shift = plane === 0 ? 0 : 1;
    const row = width >> shift;
    for (let y = 0; y < height >> shift; y++) {
      const start = offset(from, plane, at.x >> shift, (at.y >> shift) + y);
      into.i420.set(
        from.i420.subarray(start, start + row),
        offset(into, plane, to.x >> shift, (to.y >> shift) + y),
      );
    }
  }
}

/** Index of a sample; `x` and `y` in samples of its plane. */
function offset({ width, height }: Patch, plane: number, x: number, y: number): number {
  const stride = plane === 0 ? width : width / 2;
  const size = width * height;
  return (plane === 0 ? 0 : plane === 1 ? size : size * 1.25) + y * stride + x;
}
