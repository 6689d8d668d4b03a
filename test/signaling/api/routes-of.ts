import type { Router } from '@koa/router';
import type Koa from 'koa';

/** Every route of the routers of an app: `GET /sessions/:id`. */
export function routesOf(app: Koa): string[] {
  const routers = app.middleware.flatMap((middleware) => {
    const { router } = middleware as { router?: Router };
    return router ? [router] : [];
  });
  return routers.flatMap(({ stack }) =>
    stack.flatMap(({ methods, path }) =>
      methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${String(path)}`),
    ),
  );
}
