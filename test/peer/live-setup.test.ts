import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../peer/inference/engine.ts';
import { type LiveModels, LiveSetup } from '../../peer/live-setup.ts';
import type { LaneSetup } from '../../peer/pipeline/task-lanes.ts';

const engine = {
  manifest: { id: 'yolox-nano', task: 'detect', threshold: 0.4, labels: ['person'] },
} as unknown as Engine;

/** Gives the one model, each time when it is let. */
class SlowModels extends EventEmitter<{ lost: [id: string] }> implements LiveModels {
  gate = Promise.resolve();

  async get(): Promise<Engine> {
    await this.gate;
    return engine;
  }

  idFor(): string {
    return engine.manifest.id;
  }
}

describe('LiveSetup', () => {
  it('makes changes one after the other, and tells of each once it is in force', async () => {
    const setup = await LiveSetup.open({}, new SlowModels());
    const told: LaneSetup[] = [];
    setup.on('changed', (current) => told.push(current));
    const changes = [0.1, 0.2, 0.3].map((threshold) => setup.change({ threshold }));
    expect((await Promise.all(changes)).map(({ threshold }) => threshold)).toEqual([0.1, 0.2, 0.3]);
    expect(told.map(({ tasks }) => tasks[0]?.settings.threshold)).toEqual([0.1, 0.2, 0.3]);
    expect(setup.current).toBe(told[2]);
    setup.close();
  });

  it('answers settings-busy to more changes than may wait, and takes them again afterwards', async () => {
    const models = new SlowModels();
    const setup = await LiveSetup.open({}, models);
    const { promise, resolve } = Promise.withResolvers<void>();
    models.gate = promise;
    const changes = Array.from({ length: 40 }, () => setup.change({ threshold: 0.5 }));
    const outcomes = Promise.allSettled(changes);
    resolve();
    const refused = (await outcomes).filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(8);
    expect(refused[0]?.reason).toMatchObject({ code: 'settings-busy', retryAfterSeconds: 1 });
    await expect(setup.change({ threshold: 0.6 })).resolves.toMatchObject({ threshold: 0.6 });
    setup.close();
  });

  it('listens no more for lost models once it is closed', async () => {
    const models = new SlowModels();
    const setup = await LiveSetup.open({}, models);
    expect(models.listenerCount('lost')).toBe(1);
    setup.close();
    expect(models.listenerCount('lost')).toBe(0);
  });
});
