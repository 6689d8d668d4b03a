import { z } from 'zod';
import type { JpegWish } from '../../../protocol/frame-messages.ts';
import { type LiveSettings, liveSettingsSchema } from '../../../protocol/session.ts';
import { effectsSchema } from '../../../protocol/tasks.ts';
import { jpegQuery, readQuery } from '../jpeg-query.ts';

const { task, model, threshold, classes, rate, budgetMs, sync } = liveSettingsSchema.shape;
const { mid, picture, quality, width, fps } = jpegQuery;

const flag = z.enum(['0', '1']).transform((value) => value === '1');
const number = quality.unwrap().in.in;

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
  task,
  model,
  threshold: number.transform(Number).pipe(threshold.unwrap()).optional(),
  classes: z
    .string()
    .transform((labels) => labels.split(','))
    .pipe(classes.unwrap())
    .optional(),
  rate: number.transform(Number).pipe(rate.unwrap()).optional(),
  budgetMs: number.transform(Number).pipe(budgetMs.unwrap()).optional(),
  sync,
  ...effectsSchema.shape,
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
  const { annotated, quality, width, fps, faces, background, ...single } = readQuery(senderSchema, query);
  const effects = { ...(faces && { faces }), ...(background && { background }) };
  return {
    role: 'sender',
    annotated,
    wish: { quality, width, fps, picture: 'annotated' },
    settings: { ...single, ...(Object.keys(effects).length > 0 && { effects }) },
  };
}
