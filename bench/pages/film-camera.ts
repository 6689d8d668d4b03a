/**
 * The camera of the probe, in a worker, so that nothing on the page delays it: plays a film forwards and backwards at 30
 * frames a second, each frame with a barcode, and tells the page when it handed over which.
 */
import { BARCODE_RANGE, paintBarcode } from '../../test/support/barcode.ts';

/** What the page sends to start the camera. */
export interface FilmCameraStart {
  /** Of a .y4m file, 4:2:0. */
  readonly filmUrl: string;
  readonly writable: WritableStream<VideoFrame>;
}

/** What the camera says of each frame. */
export interface FrameSent {
  readonly value: number;
  /** Milliseconds since the Unix epoch, of the monotonic clock that the page shares. */
  readonly at: number;
}

interface Film {
  readonly width: number;
  readonly height: number;
  readonly pictures: readonly Uint8Array[];
}

const FRAME_MS = 1000 / 30;

self.onmessage = async ({ data }: MessageEvent<FilmCameraStart>) => {
  const film = await load(data.filmUrl);
  play(film, data.writable.getWriter());
};

async function load(url: string): Promise<Film> {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
  const headerEnd = bytes.indexOf(10);
  const header = new TextDecoder().decode(bytes.subarray(0, headerEnd));
  const [, width = 0, height = 0] = (/W(\d+) H(\d+)/.exec(header) ?? []).map(Number);
  const size = (width * height * 3) / 2;
  const pictures: Uint8Array[] = [];
  for (let at = headerEnd + 1 + 'FRAME\n'.length; at + size <= bytes.length; at += size + 'FRAME\n'.length) {
    pictures.push(bytes.subarray(at, at + size));
  }
  if (pictures.length === 0) throw new Error(`Cannot play ${url}: expected frames, found none`);
  return { width, height, pictures };
}

function play(film: Film, writer: WritableStreamDefaultWriter<VideoFrame>): void {
  const started = performance.now();
  let count = 0;
  const next = (): void => {
    send(film, writer, count);
    count++;
    setTimeout(next, Math.max(0, started + count * FRAME_MS - performance.now()));
  };
  next();
}

function send(film: Film, writer: WritableStreamDefaultWriter<VideoFrame>, count: number): void {
  const { width, height, pictures } = film;
  const last = pictures.length - 1;
  const position = count % (2 * last || 1);
  const picture = pictures[position <= last ? position : 2 * last - position];
  if (!picture) return;
  const value = count % BARCODE_RANGE;
  paintBarcode(picture, width, height, value);
  const at = performance.timeOrigin + performance.now();
  const timestamp = Math.round(performance.now() * 1000);
  const frame = new VideoFrame(picture, {
    format: 'I420',
    codedWidth: width,
    codedHeight: height,
    timestamp,
  });
  // Closed by the stream. It ends with the page, and there is nothing to do about it then.
  writer.write(frame).catch(() => {});
  self.postMessage({ value, at } satisfies FrameSent);
}
