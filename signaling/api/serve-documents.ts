import type { RouterContext } from '@koa/router';
import { asyncApi } from './asyncapi.ts';
import { openApi } from './openapi.ts';

/** `GET /openapi.json`: every route of this server. */
export function getOpenApi(needsKey: boolean) {
  return serveDocument(() => openApi(needsKey));
}

/** `GET /asyncapi.json`: every channel of this server. */
export function getAsyncApi() {
  return serveDocument(asyncApi);
}

/** Made when it is first asked for, and once: it says the same for as long as the process runs. */
function serveDocument(make: () => object) {
  let text: string | undefined;
  return (ctx: RouterContext): void => {
    text ??= JSON.stringify(make());
    ctx.set('Cache-Control', 'no-cache');
    ctx.type = 'json';
    ctx.body = text;
  };
}
