import type { WebSocket } from 'ws';
import { FRAME_CREDITS, type JpegWish } from '../../../protocol/frame-messages.ts';
import { writeFrameHeader } from '../../../protocol/frames.ts';
import { FramePace } from '../../sinks/frame-pace.ts';
import type { JpegPicture, JpegReader, JpegSeat } from '../../sinks/jpeg-feed.ts';

export interface FramesOutOptions {
  readonly socket: WebSocket;
  readonly wish: JpegWish;
  /** What numbers a frame for the client. */
  readonly sequenceOf: (picture: JpegPicture) => number;
  /** Takes a place among those who read. @throws as `JpegFeeds.join()` */
  readonly join: (reader: JpegReader) => JpegSeat;
}

/** Sends frames to one client, the next only while it has acknowledged all but the newest; else newer ones replace it. */
export class FramesOut implements JpegReader {
  readonly #options: FramesOutOptions;
  readonly #pace: FramePace;
  #seat: JpegSeat | undefined;
  /** Sequence numbers, oldest first. */
  #unacknowledged: number[] = [];
  #newest: number | undefined;
  #frames = 0;
  #dropped = 0;
  #bytes = 0;

  constructor(options: FramesOutOptions) {
    this.#options = options;
    this.#pace = new FramePace(options.wish.fps);
  }

  get isOn(): boolean {
    return this.#seat !== undefined;
  }

  stats(): { frames: number; dropped: number; bytes: number } {
    return { frames: this.#frames, dropped: this.#dropped, bytes: this.#bytes };
  }

  /** @throws SightlineError as `JpegFeeds.join()` */
  start(): void {
    this.#seat ??= this.#options.join(this);
  }

  stop(): void {
    this.#seat?.leave();
    this.#seat = undefined;
    this.#newest = undefined;
  }

  isReady(nowMs: number): boolean {
    const { socket } = this.#options;
    const isFree = this.#unacknowledged.length < FRAME_CREDITS && socket.readyState === socket.OPEN;
    return isFree && this.#pace.isDue(nowMs);
  }

  show(picture: JpegPicture): void {
    const { socket, sequenceOf } = this.#options;
    const { data, width, height, captureTime, timestamp: rtpTimestamp, frame } = picture;
    const sequence = sequenceOf(picture);
    this.#dropped += frame - (this.#newest ?? frame - 1) - 1;
    this.#newest = frame;
    this.#frames++;
    this.#bytes += data.length;
    this.#unacknowledged.push(sequence);
    this.#pace.pass(performance.now());
    const header = {
      format: 'jpeg',
      payloadLength: data.length,
      width,
      height,
      sequence,
      captureTime,
    } as const;
    // One message in two pieces, so that the JPEG, which others read as well, is not copied.
    socket.send(writeFrameHeader({ ...header, rtpTimestamp }), { binary: true, fin: false });
    socket.send(data, { binary: true, fin: true });
  }

  /** The client is done with a frame, and with all that were sent before it. One that was never sent says nothing. */
  acknowledge(sequence: number): void {
    const index = this.#unacknowledged.lastIndexOf(sequence);
    if (index < 0) return;
    this.#unacknowledged = this.#unacknowledged.slice(index + 1);
    this.#seat?.poke();
  }
}
