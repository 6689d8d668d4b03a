import type { RouterContext } from '@koa/router';
import { SightlineError } from '../../../protocol/errors.ts';
import type { InferResult } from '../../../protocol/infer.ts';
import type { Codecs } from '../../codec/codecs.ts';
import type { Logger } from '../../log.ts';
import type { ModelSource } from '../../session-settings.ts';
import { hangUpOf } from '../hang-up.ts';
import type { Door } from '../server.ts';
import { type Batch, openBatch, type SentImage } from './batch.ts';
import { partsOf } from './body.ts';
import { ImageRuns } from './image-run.ts';
import { inOrder } from './in-order.ts';
import { Places } from './places.ts';
import { toWork } from './settings.ts';
import { StreamedAnswer, toInferError } from './streamed-answer.ts';

/** Requests at a time; another is refused. */
const MAX_REQUESTS = 8;
/** Images of all requests of which there are pixels: one is decoded while another is scaled and a third is run. */
const MAX_DECODED = 4;
/** Images of one request that are sent, decoded or run. */
const WIDTH = 3;

const types = ['application/json', 'application/x-ndjson', 'image/jpeg'];

export interface InferOptions {
  readonly codecs: Codecs;
  readonly models: ModelSource;
  readonly log: Logger;
}

/** Adds `POST /infer` to a door: what is found in still pictures, one or many. */
export function addInfer(door: Door, { codecs, models, log }: InferOptions): void {
  const requests = new Places(MAX_REQUESTS);
  const decoded = new Places(MAX_DECODED);
  door.router.post('/infer', async (ctx) => {
    const type = ctx.accepts(types);
    if (!type) throw notAcceptable(ctx);
    using _request = requests.takeNow();
    const signal = hangUpOf(ctx, door.closed);
    const { settings, images } = await openBatch(partsOf(ctx), ctx.query);
    try {
      const work = await toWork(settings, models);
      using runs = new ImageRuns({ codecs, work, places: decoded, signal });
      if (type === 'image/jpeg') await answerPicture(ctx, images, runs);
      else await answerResults(ctx, images, { runs, signal, log, isLines: type === 'application/x-ndjson' });
    } finally {
      await images.return(undefined);
      // Unread, the rest of the body would block the connection for ever.
      ctx.req.resume();
    }
  });
}

async function answerPicture(ctx: RouterContext, images: Batch['images'], runs: ImageRuns): Promise<void> {
  const { value: image } = await images.next();
  const more = await images.next();
  if (!more.done || !image) {
    throw new SightlineError(
      'not-acceptable',
      'Cannot answer with image/jpeg: expected one image, found several',
    );
  }
  if ('failure' in image) throw image.failure;
  ctx.body = Buffer.from(await runs.draw(image.bytes));
  ctx.type = 'image/jpeg';
}

interface ResultsOptions {
  readonly runs: ImageRuns;
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly isLines: boolean;
}

async function answerResults(
  ctx: RouterContext,
  images: Batch['images'],
  { runs, signal, log, isLines }: ResultsOptions,
): Promise<void> {
  const answer = new StreamedAnswer(ctx, isLines ? 'ndjson' : 'json', signal);
  const look = (image: SentImage) => resultOf(image, runs, signal);
  try {
    for await (const result of inOrder(images, WIDTH, look)) await answer.add(result);
  } catch (error) {
    // Nobody is there to be told.
    if (signal.aborted) {
      ctx.res.destroy();
      return;
    }
    if (!(error instanceof SightlineError)) log.error({ error }, 'Batch ended early');
    return answer.end(error instanceof Error ? error : new Error(String(error)));
  }
  await answer.end();
}

/** An image that fails has its error in its place, and the others go on. */
async function resultOf(image: SentImage, runs: ImageRuns, signal: AbortSignal): Promise<InferResult> {
  try {
    if ('failure' in image) throw image.failure;
    return await runs.look(image.bytes);
  } catch (error) {
    if (signal.aborted || !(error instanceof SightlineError)) throw error;
    return { error: toInferError(error) };
  }
}

function notAcceptable(ctx: RouterContext): SightlineError {
  const found = ctx.get('Accept');
  return new SightlineError(
    'not-acceptable',
    `Cannot answer: expected Accept: with one of ${types.join(', ')}, found ${found}`,
  );
}
