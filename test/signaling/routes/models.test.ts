import { expect, it } from 'vitest';
import type { ModelSummary } from '../../../protocol/models.ts';
import { eventually } from '../../support/eventually.ts';
import { modelSummary } from '../../support/fake-peer.ts';
import { TestSignaling } from '../../support/signaling.ts';

it('GET /models lists what any peer can use, each once, loaded where any peer has it loaded', async () => {
  await using server = await TestSignaling.start();
  expect(await (await server.get('/models')).json()).toEqual([]);

  const faces = modelSummary({ id: 'faces', task: 'faces', default: false });
  const hands = modelSummary({ id: 'hands', available: false, loaded: false, default: false });
  await server.join({ peerId: 'a', models: [modelSummary(), { ...faces, loaded: false }, hands] });
  await server.join({ peerId: 'b', models: [faces] });
  expect(await (await server.get('/models')).json()).toEqual([modelSummary(), faces]);
});

it('GET /models follows a peer that registers again once it has loaded another model', async () => {
  await using server = await TestSignaling.start();
  const faces = modelSummary({ id: 'faces', loaded: false, default: false });
  const peer = await server.join({ models: [modelSummary(), faces] });
  const loaded = async () => {
    const models: ModelSummary[] = await (await server.get('/models')).json();
    return models.filter((model) => model.loaded).map(({ id }) => id);
  };
  expect(await loaded()).toEqual(['yolox-nano']);
  peer.register([modelSummary(), { ...faces, loaded: true }]);
  expect(await eventually(loaded, (ids) => ids.length === 2)).toEqual(['yolox-nano', 'faces']);
});
