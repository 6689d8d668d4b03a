import type { RouterContext } from '@koa/router';
import type { ModelSummary } from '../../protocol/models.ts';
import type { PeerHub } from '../peers/peer-hub.ts';

/** `GET /models`: the models that a call may name, each once. */
export function getModels(hub: PeerHub) {
  return (ctx: RouterContext): void => {
    ctx.body = mergeModels(hub.peers.map(({ registration }) => registration?.models ?? []));
  };
}

/** Leaves out what no media peer can use. A model is loaded, or the default, when it is so on any media peer. */
function mergeModels(lists: readonly (readonly ModelSummary[])[]): ModelSummary[] {
  const merged = new Map<string, ModelSummary>();
  for (const model of lists.flat().filter(({ available }) => available)) {
    const known = merged.get(model.id) ?? model;
    merged.set(model.id, {
      ...known,
      loaded: known.loaded || model.loaded,
      default: known.default || model.default,
      runsOn: known.runsOn ?? model.runsOn,
    });
  }
  return [...merged.values()];
}
