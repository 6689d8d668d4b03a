import type { Codecs } from '../../peer/codec/codecs.ts';
import { fileSource } from '../../peer/codec/media-source.ts';
import type { VideoFrame } from '../../peer/codec/video-frame.ts';
import { drawFound } from '../../peer/vision/overlay.ts';
import type { DetectedObject } from '../../protocol/detections.ts';

/** How long it took. */
export interface Taken {
  readonly frames: number;
  readonly seconds: number;
  /** Of all threads of this process. */
  readonly cpuSeconds: number;
}

/** As many objects as the street has people, at places like theirs. */
const OBJECTS: readonly DetectedObject[] = Array.from({ length: 7 }, (_, index) => ({
  label: 'person',
  classId: 0,
  score: 0.9 - index / 20,
  box: { x: 0.05 + index / 8, y: 0.2 + (index % 3) / 5, width: 0.08, height: 0.3 },
  trackId: index + 1,
}));

/** Reads a film and does with each picture what is said. @param onFrame closes nothing */
export async function readAll(
  path: string,
  codecs: Codecs,
  onFrame: (frame: VideoFrame, seconds: number) => Promise<void> | void = () => {},
): Promise<Taken> {
  const meter = new Meter();
  await using reader = await codecs.openReader(fileSource(path));
  let frames = 0;
  for (let item = await reader.read(); item; item = await reader.read()) {
    if (item.type !== 'picture') continue;
    using frame = item.frame;
    await onFrame(frame, item.seconds);
    frames += 1;
  }
  return meter.read(frames);
}

/** Decodes and encodes a film, and draws between the two where that is wanted. */
export async function transcode(
  path: string,
  target: string,
  codecs: Codecs,
  { drawn }: { readonly drawn: boolean },
): Promise<Taken> {
  const meter = new Meter();
  const { width, height, frameRate } = await sizeOf(path, codecs);
  await using writer = await codecs.openWriter({ target, width, height, frameRate });
  const { frames } = await readAll(path, codecs, async (frame, seconds) => {
    if (drawn) draw(frame);
    await writer.writeFrame(frame, seconds);
  });
  await writer.finish();
  return meter.read(frames);
}

/** Milliseconds of drawing into one picture, the copy that it needs among them; the median. */
export async function drawingMs(path: string, codecs: Codecs): Promise<readonly number[]> {
  const times: number[] = [];
  await readAll(path, codecs, (frame) => {
    const startedAt = performance.now();
    draw(frame);
    times.push(performance.now() - startedAt);
  });
  return times;
}

function draw(frame: VideoFrame): void {
  frame.makeWritable();
  drawFound(frame.picture, { objects: OBJECTS });
}

async function sizeOf(path: string, codecs: Codecs) {
  await using reader = await codecs.openReader(fileSource(path));
  return reader.info;
}

class Meter {
  readonly #startedAt = performance.now();
  readonly #cpu = process.cpuUsage();

  read(frames: number): Taken {
    const { user, system } = process.cpuUsage(this.#cpu);
    const seconds = (performance.now() - this.#startedAt) / 1000;
    return { frames, seconds, cpuSeconds: (user + system) / 1e6 };
  }
}
