import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import type { AudioFormat } from '../../peer/codec/media-audio.ts';
import { opusFormat } from '../../peer/codec/media-audio.ts';
import { fileSource } from '../../peer/codec/media-source.ts';
import { nativeCodecs } from '../../peer/codec/native/codecs.ts';
import type { VideoFrame } from '../../peer/codec/video-frame.ts';
import { Scene } from '../../peer/pipeline/scene.ts';
import { rateLimitedWarning } from '../../peer/rate-limited-warning.ts';
import type { SessionSound, TimedSound } from '../../peer/sinks/recorder/session-sound.ts';
import type { Detections } from '../../protocol/detections.ts';
import { type Colour, colourFrame, colourOf, seenColour } from './colour-film.ts';

/** RTP ticks between two pictures: 25 a second. */
export const FRAME_TICKS = 3600;
/** Second byte of the packet that stands where sound begins late. */
const SILENCE = 0xff;
const START_TIME = 1_764_000_000_000;

/** A scene without models, given pictures whose colours tell which they are: red, green, blue, in turns. */
export class RecordedScene extends Scene {
  /** Whether it says that something is to be hidden. */
  hiding = false;
  readonly #first: number;
  #sent = 0;

  /** @param firstTimestamp of the first picture */
  constructor(firstTimestamp = 0) {
    super({
      sessionId: 'session',
      mid: '0',
      codecs: nativeCodecs,
      setup: { tasks: [], privacy: [], zones: [], sync: 'live', output: 'annotated' },
      captureTime: () => START_TIME,
      warn: rateLimitedWarning(pino({ level: 'silent' })),
    });
    this.#first = firstTimestamp;
  }

  override get hides(): boolean {
    return this.hiding;
  }

  timestampOf(n: number): number {
    return (this.#first + n * FRAME_TICKS) >>> 0;
  }

  /** Shows the next pictures, each once those who show it had a turn. */
  async show(count: number, { width, height } = { width: 64, height: 48 }): Promise<void> {
    for (let shown = 0; shown < count; shown++) {
      const n = this.#sent++;
      const arrivedAt = n * 40;
      const record = { timestamp: this.timestampOf(n), arrivedAt, decodedAt: arrivedAt, encodeMs: undefined };
      this.push(colourFrame(width, height, colourOf(n)), record);
      await paced();
    }
  }

  /** Tells of a result of picture `n`. */
  find(n: number): void {
    const result = { type: 'detections', v: 1, seq: n, rtpTimestamp: this.timestampOf(n), objects: [] };
    this.emit('result', result as unknown as Detections);
  }
}

/** Lets what was pushed be written: encoding is done on other threads, of which only the files tell. */
function paced(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 4));
}

/** Sound that a test hands in. */
export class TestSound implements SessionSound {
  readonly format: AudioFormat = opusFormat();
  #listener: ((packet: TimedSound) => void) | undefined;

  listen(listener: (packet: TimedSound) => void): () => void {
    this.#listener = listener;
    return () => {
      this.#listener = undefined;
    };
  }

  get isHeard(): boolean {
    return this.#listener !== undefined;
  }

  /** @param timestamp on the clock of the pictures */
  say(timestamp: number, data: Uint8Array): void {
    this.#listener?.({ data, timestamp, durationSeconds: 0.02 });
  }
}

export interface PlayedFile {
  readonly width: number;
  readonly pictures: readonly { readonly colour: Colour | undefined; readonly seconds: number }[];
  /** Without the silence before it begins. */
  readonly sound: readonly { readonly data: Uint8Array; readonly seconds: number }[];
}

/** All that is in a part of a recording. */
export async function played(path: string): Promise<PlayedFile> {
  await using reader = await nativeCodecs.openReader(fileSource(path), { audio: true });
  const pictures: { colour: Colour | undefined; seconds: number }[] = [];
  const sound: { data: Uint8Array; seconds: number }[] = [];
  for (let item = await reader.read(); item; item = await reader.read()) {
    if (item.type === 'audio') sound.push(item);
    else pictures.push({ colour: closing(item.frame), seconds: item.seconds });
  }
  return { width: reader.info.width, pictures, sound: sound.filter(({ data }) => data[1] !== SILENCE) };
}

function closing(frame: VideoFrame): Colour | undefined {
  using _owned = frame;
  return seenColour(frame);
}

/** The lines of `results.jsonl`. */
export async function linesOf(folder: string): Promise<{ seconds: number; seq: number }[]> {
  const text = await readFile(join(folder, 'results.jsonl'), 'utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { seconds: number; seq: number });
}
