import { createReadStream, type ReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { RouterContext } from '@koa/router';
import { SightlineError } from '../../protocol/errors.ts';

const SWAGGER_UI = new URL('.', import.meta.resolve('swagger-ui-dist/package.json'));

/** A script of its own, since the policy of the server lets none run that stands in a page. */
const start = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  // The badge of a validator on another server
  validatorUrl: null,
});
`;

const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sightline API</title>
<link rel="icon" href="/docs/api/favicon-32x32.png">
<link rel="stylesheet" href="/docs/api/swagger-ui.css">
<div id="api"></div>
<script src="/docs/api/swagger-ui-bundle.js"></script>
<script src="/docs/api/start.js"></script>
</html>
`;

/** What the page loads, by name: the text itself, or a file of Swagger UI. */
export const pageFiles: Readonly<Record<string, string | URL>> = {
  'start.js': start,
  'swagger-ui-bundle.js': new URL('swagger-ui-bundle.js', SWAGGER_UI),
  'swagger-ui.css': new URL('swagger-ui.css', SWAGGER_UI),
  'favicon-32x32.png': new URL('favicon-32x32.png', SWAGGER_UI),
};

/** `GET /docs/api`: the OpenAPI document as a page (Swagger UI). */
export function getApiPage(ctx: RouterContext): void {
  ctx.set('Cache-Control', 'no-cache');
  ctx.type = 'html';
  ctx.body = html;
}

/** `GET /docs/api/:file`: what that page loads. */
export async function getApiPageFile(ctx: RouterContext): Promise<void> {
  const name = String(ctx.params['file']);
  const file = Object.hasOwn(pageFiles, name) ? pageFiles[name] : undefined;
  if (file === undefined) {
    const expected = Object.keys(pageFiles).join(', ');
    throw new SightlineError('not-found', `Cannot show a part of the page: expected one of ${expected}`);
  }
  ctx.set('Cache-Control', 'no-cache');
  ctx.type = name.slice(name.lastIndexOf('.'));
  ctx.body = typeof file === 'string' ? file : await openUnlessKnown(ctx, file);
}

/** The file; nothing, with status 304, where the caller has it as it is. */
async function openUnlessKnown(ctx: RouterContext, file: URL): Promise<ReadStream | null> {
  const { size, mtimeMs } = await stat(file);
  ctx.status = 200;
  ctx.etag = `${size}-${Math.round(mtimeMs)}`;
  if (!ctx.fresh) {
    ctx.length = size;
    return createReadStream(file);
  }
  ctx.status = 304;
  return null;
}
