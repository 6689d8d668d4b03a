import type { Context } from 'koa';

/** Aborted when the caller goes away before the whole answer is out, or the door closes. */
export function hangUpOf({ res }: Context, closed: AbortSignal): AbortSignal {
  const hangUp = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) hangUp.abort();
  });
  return AbortSignal.any([hangUp.signal, closed]);
}
