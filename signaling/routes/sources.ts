import type { RouterContext } from '@koa/router';
import { parseSourceRequest } from '../../protocol/sources.ts';
import { passOn } from '../door/pass-on.ts';
import { readJson } from '../middleware/read-json.ts';
import type { PeerHub } from '../peers/peer-hub.ts';

/**
 * `POST /sources`: a session whose pictures a media peer reads by itself, on the one that would take a call. Sessions of
 * this kind outlive this process where their media peer does.
 */
export function postSource(hub: PeerHub) {
  return async (ctx: RouterContext): Promise<void> => {
    const request = parseSourceRequest(await readJson(ctx));
    const { model, tasks = [] } = request;
    const peer = hub.choose(model ?? tasks.find((task) => task.model !== undefined)?.model);
    using _place = peer.opening();
    await passOn(() => peer, JSON.stringify(request))(ctx);
  };
}
