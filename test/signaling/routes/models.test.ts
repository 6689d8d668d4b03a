import { expect, it } from 'vitest';
import { modelSummary } from '../../support/fake-peer.ts';
import { TestSignaling } from '../../support/signaling.ts';

it('GET /models lists the models of all peers, each once, loaded where any peer has it loaded', async () => {
  await using server = await TestSignaling.start();
  expect(await (await server.get('/models')).json()).toEqual([]);

  const faces = modelSummary({ id: 'faces', task: 'faces', default: false });
  await server.join({ peerId: 'a', models: [modelSummary(), { ...faces, loaded: false }] });
  await server.join({ peerId: 'b', models: [faces] });
  expect(await (await server.get('/models')).json()).toEqual([modelSummary(), faces]);
});
