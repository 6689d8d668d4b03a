import { describe, expect, it } from 'vitest';
import { type Chosen, choose, NOTHING_CHOSEN } from '../../peer/session-settings.ts';
import type { LiveSettings } from '../../protocol/session.ts';

const chosen = (...changes: LiveSettings[]): Chosen => changes.reduce<Chosen>(choose, NOTHING_CHOSEN);

describe('choose()', () => {
  it('takes the fields of a single task for the first one', () => {
    const { tasks } = chosen({ tasks: [{ task: 'detect' }, { task: 'faces' }] }, { threshold: 0.7 });
    expect(tasks).toEqual([{ task: 'detect', threshold: 0.7 }, { task: 'faces' }]);
  });

  it('lets another task begin with settings of its own', () => {
    expect(chosen({ threshold: 0.7, classes: ['person'] }, { task: 'pose' }).tasks).toEqual([
      { task: 'pose' },
    ]);
  });

  it('changes the latency budget of the first task alone', () => {
    const { tasks } = chosen({ tasks: [{ rate: 10 }, {}] }, { budgetMs: 80 });
    expect(tasks).toEqual([{ rate: 10, budgetMs: 80 }, {}]);
  });

  it('keeps what is not named', () => {
    const before = chosen({ sync: 'exact', effects: { faces: 'blur' } });
    expect(choose(before, { effects: { background: '#00ff00' } })).toMatchObject({
      sync: 'exact',
      effects: { faces: 'blur', background: '#00ff00' },
    });
  });

  it.each<[string, LiveSettings]>([
    ['tasks-invalid', { tasks: [{}], threshold: 0.5 }],
    ['tasks-invalid', { output: 'passthrough', effects: { background: 'blur' } }],
    ['zone-invalid', { zones: 'everywhere' }],
  ])('refuses with %s: %j', (code, changes) => {
    expect(() => chosen(changes)).toThrow(expect.objectContaining({ code }));
  });

  it('allows passthrough again once nothing is hidden', () => {
    const { output } = chosen(
      { effects: { faces: 'blur' } },
      { output: 'passthrough', effects: { faces: 'off' } },
    );
    expect(output).toBe('passthrough');
  });
});
