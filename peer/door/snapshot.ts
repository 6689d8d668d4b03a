import type { RouterContext } from '@koa/router';
import { z } from 'zod';
import { SightlineError } from '../../protocol/errors.ts';
import { readQuery } from '../../protocol/query.ts';
import { sceneOf } from '../scene-of.ts';
import type { JpegPicture } from '../sinks/jpeg-feed.ts';
import { hangUpOf } from './hang-up.ts';
import { jpegQuery } from './jpeg-query.ts';
import { jpegHeaders } from './mjpeg.ts';
import type { PicturesOptions } from './pictures.ts';

const { fps: _, ...snapshotQuery } = jpegQuery;
const querySchema = z.strictObject(snapshotQuery);

/** A camera that shows nothing for so long has stopped, or was never there. */
const PATIENCE_MS = 5_000;

/** `GET /sessions/:id/snapshot.jpg`: the next frame of a session. */
export function getSnapshot({ door, sessions, feeds }: PicturesOptions) {
  return async (ctx: RouterContext): Promise<void> => {
    const { mid, ...wish } = readQuery(querySchema, ctx.query);
    const session = sessions.get(String(ctx.params['id']));
    const scene = sceneOf(session, mid);
    const { promise, resolve, reject } = Promise.withResolvers<JpegPicture>();
    let taken = false;
    const take = (picture: JpegPicture) => {
      taken = true;
      resolve(picture);
    };
    const seat = feeds.join(scene, wish, { isReady: () => !taken, show: take });
    const timer = setTimeout(() => reject(missing(`within ${PATIENCE_MS} ms, found none`)), PATIENCE_MS);
    const end = () => reject(missing('of a session that goes on, found its end'));
    session.once('close', end);
    hangUpOf(ctx, door.closed).addEventListener('abort', end, { once: true });
    try {
      const picture = await promise;
      ctx.set({ ...jpegHeaders(picture), 'Cache-Control': 'no-store' });
      ctx.type = 'image/jpeg';
      ctx.body = Buffer.from(picture.data.buffer, picture.data.byteOffset, picture.data.byteLength);
    } finally {
      clearTimeout(timer);
      session.off('close', end);
      seat.leave();
    }
  };
}

function missing(found: string): SightlineError {
  return new SightlineError('picture-missing', `Cannot take a picture: expected a frame ${found}`, {
    retryAfterSeconds: 1,
  });
}
