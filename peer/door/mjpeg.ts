import type { ServerResponse } from 'node:http';
import type { RouterContext } from '@koa/router';
import { z } from 'zod';
import { readQuery } from '../../protocol/query.ts';
import { sceneOf } from '../scene-of.ts';
import { FramePace } from '../sinks/frame-pace.ts';
import type { JpegPicture, JpegReader, JpegSeat } from '../sinks/jpeg-feed.ts';
import { hangUpOf } from './hang-up.ts';
import { jpegQuery } from './jpeg-query.ts';
import type { PicturesOptions } from './pictures.ts';

const querySchema = z.strictObject(jpegQuery);
const BOUNDARY = 'frame';

/**
 * `GET /sessions/:id/mjpeg`: the picture of a session as `multipart/x-mixed-replace`, a JPEG a part, until the session or
 * the reader ends.
 */
export function getMjpeg({ door, sessions, feeds }: PicturesOptions) {
  return (ctx: RouterContext): void => {
    const { mid, fps, ...wish } = readQuery(querySchema, ctx.query);
    const session = sessions.get(String(ctx.params['id']));
    const scene = sceneOf(session, mid);
    const writer = new PartWriter(ctx.res, fps, () => seat.poke());
    const seat: JpegSeat = feeds.join(scene, { ...wish, fps }, writer);
    const hangUp = hangUpOf(ctx, door.closed);
    const end = () => {
      seat.leave();
      ctx.res.end();
    };
    hangUp.addEventListener('abort', end, { once: true });
    session.once('close', end);
    ctx.res.once('close', () => {
      session.off('close', end);
      seat.leave();
    });
    ctx.set('Cache-Control', 'no-store');
    ctx.set('X-Accel-Buffering', 'no');
    ctx.type = `multipart/x-mixed-replace; boundary=${BOUNDARY}`;
    ctx.respond = false;
    ctx.status = 200;
    if (ctx.method === 'HEAD') end();
    else ctx.res.write(`--${BOUNDARY}\r\n`);
  };
}

/** Writes frames to one reader: the next only once the one before has left this process. */
class PartWriter implements JpegReader {
  readonly #response: ServerResponse;
  readonly #pace: FramePace;
  readonly #onReady: () => void;
  #writing = false;

  constructor(response: ServerResponse, fps: number | undefined, onReady: () => void) {
    this.#response = response;
    this.#pace = new FramePace(fps);
    this.#onReady = onReady;
  }

  isReady(nowMs: number): boolean {
    return !this.#writing && this.#pace.isDue(nowMs);
  }

  show(picture: JpegPicture): void {
    if (this.#response.writableEnded || this.#response.destroyed) return;
    this.#writing = true;
    this.#pace.pass(performance.now());
    const headers = [
      'Content-Type: image/jpeg',
      `Content-Length: ${picture.data.length}`,
      ...Object.entries(jpegHeaders(picture)).map(([name, value]) => `${name}: ${value}`),
    ];
    this.#response.cork();
    this.#response.write(`${headers.join('\r\n')}\r\n\r\n`);
    this.#response.write(picture.data);
    // The boundary belongs to this part: browsers show it once they have seen its end.
    this.#response.write(`\r\n--${BOUNDARY}\r\n`, () => {
      this.#writing = false;
      this.#onReady();
    });
    this.#response.uncork();
  }
}

/** What is told of a frame beside its JPEG. */
export function jpegHeaders({ captureTime, timestamp, frame }: JpegPicture): Record<string, string> {
  return {
    'X-Timestamp': captureTime.toFixed(3),
    'X-Rtp-Timestamp': String(timestamp),
    'X-Frame': String(frame),
  };
}
