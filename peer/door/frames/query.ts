import { z } from 'zod';
import type { JpegWish } from '../../../protocol/frame-messages.ts';
import { readQuery, settingsQuery, toSettings } from '../../../protocol/query.ts';
import type { LiveSettings } from '../../../protocol/session.ts';
import { jpegQuery } from '../jpeg-query.ts';

const { mid, picture, quality, width, fps } = jpegQuery;

const flag = z.enum(['0', '1']).transform((value) => value === '1');

const watcherSchema = z.strictObject({
  session: z.string(),
  annotated: flag.default(true),
  mid,
  picture,
  quality,
  width,
  fps,
});

const senderSchema = z.strictObject({
  annotated: flag.default(false),
  quality,
  width,
  fps,
  ...settingsQuery,
});

/** What a WebSocket is opened for. */
export type FramesRequest = {
  /** Whether frames are sent to the client. */
  readonly annotated: boolean;
  readonly wish: JpegWish;
} & (
  | { readonly role: 'watcher'; readonly sessionId: string; readonly mid: string | undefined }
  | { readonly role: 'sender'; readonly settings: LiveSettings }
);

/** @throws SightlineError `query-invalid` */
export function readFramesQuery({ searchParams }: URL): FramesRequest {
  const query = Object.fromEntries(searchParams);
  if ('session' in query) {
    const { session: sessionId, annotated, mid, ...wish } = readQuery(watcherSchema, query);
    return { role: 'watcher', sessionId, mid, annotated, wish };
  }
  const { annotated, quality, width, fps, ...settings } = readQuery(senderSchema, query);
  return {
    role: 'sender',
    annotated,
    wish: { quality, width, fps, picture: 'annotated' },
    settings: toSettings(settings),
  };
}
