import type { Sessions } from '../sessions.ts';
import type { JpegFeeds } from '../sinks/jpeg-feeds.ts';
import { getMjpeg } from './mjpeg.ts';
import type { Door } from './server.ts';
import { getSnapshot } from './snapshot.ts';

export interface PicturesOptions {
  readonly door: Door;
  readonly sessions: Sessions;
  readonly feeds: JpegFeeds;
}

/** Adds to a door what shows sessions as JPEGs: one after the other, or one. */
export function addPictures(options: PicturesOptions): void {
  options.door.router.get('/sessions/:id/mjpeg', getMjpeg(options));
  options.door.router.get('/sessions/:id/snapshot.jpg', getSnapshot(options));
}
