import { describe, expect, it } from 'vitest';
import { hides, Settings, toWire, wireChanges } from '../../../client/page/settings.ts';
import { liveSettingsSchema } from '../../../protocol/session.ts';

describe('Settings', () => {
  it('chooseModel() begins with the threshold and the classes of the model', () => {
    const settings = new Settings();
    settings.change({ faces: 'blur' });
    settings.changeTask({ threshold: 0.8, classes: ['cat'] });
    settings.chooseModel('movenet-lightning');
    expect(settings.task).toEqual({ model: 'movenet-lightning', threshold: undefined, classes: [] });
    expect(settings.choices.faces).toBe('blur');
  });

  it('addTask() looks for one thing more, which is the one whose settings are changed', () => {
    const settings = new Settings();
    settings.changeTask({ threshold: 0.5 });
    settings.addTask('palm-detection');
    settings.changeTask({ threshold: 0.7 });
    expect(settings.choices.tasks.map(({ model, threshold }) => [model, threshold])).toEqual([
      [undefined, 0.5],
      ['palm-detection', 0.7],
    ]);
  });

  it('addTask() goes no further than the protocol lets it', () => {
    const settings = new Settings();
    for (const model of ['a', 'b', 'c', 'd', 'e']) settings.addTask(model);
    expect(liveSettingsSchema.parse(toWire(settings.choices)).tasks).toHaveLength(4);
    expect(settings.task.model).toBe('c');
  });

  it.each([
    { removed: 0, edited: 2, left: 'c' },
    { removed: 1, edited: 1, left: 'c' },
    { removed: 2, edited: 2, left: 'b' },
    { removed: 2, edited: 0, left: undefined },
  ])('removeTask($removed) of three leaves the settings of another when $edited was shown', (way) => {
    const settings = new Settings();
    for (const model of ['b', 'c']) settings.addTask(model);
    settings.change({ edited: way.edited });
    settings.removeTask(way.removed);
    expect(settings.choices.tasks).toHaveLength(2);
    expect(settings.task.model).toBe(way.left);
  });

  it('removeTask() leaves the last, and keepOne() the one whose settings are shown', () => {
    const settings = new Settings();
    settings.removeTask(0);
    expect(settings.choices.tasks).toHaveLength(1);
    for (const model of ['b', 'c']) settings.addTask(model);
    settings.change({ edited: 1 });
    settings.keepOne();
    expect(settings.choices.tasks.map(({ model }) => model)).toEqual(['b']);
  });

  it('change() tells all the choices as they are from then on', () => {
    const settings = new Settings();
    const told: unknown[] = [];
    settings.on('change', ({ faces, sync }) => told.push([faces, sync]));
    settings.change({ faces: 'blur' });
    settings.change({ sync: 'exact' });
    expect(told).toEqual([
      ['blur', 'live'],
      ['blur', 'exact'],
    ]);
  });
});

describe('toWire()', () => {
  it('names neither model nor threshold nor classes before one is chosen', () => {
    expect(toWire(new Settings().choices).tasks).toEqual([{}]);
  });

  it('is what the protocol takes', () => {
    const settings = new Settings();
    settings.change({ background: '#0b7a55', output: 'passthrough' });
    settings.changeTask({ model: 'yolox-nano', threshold: 0.5, classes: ['cat'] });
    const wire = toWire(settings.choices);
    expect(liveSettingsSchema.parse(wire)).toEqual(wire);
    expect(wire.tasks).toEqual([{ model: 'yolox-nano', threshold: 0.5, classes: ['cat'], rate: 30 }]);
  });
});

describe('wireChanges()', () => {
  it('has the fields that differ, whole', () => {
    const settings = new Settings();
    settings.change({ faces: 'blur' });
    settings.changeTask({ model: 'yolox-nano' });
    const before = settings.choices;
    expect(wireChanges(before, { ...before })).toEqual({});
    settings.changeTask({ threshold: 0.5 });
    expect(wireChanges(before, settings.choices)).toEqual({
      tasks: [{ model: 'yolox-nano', threshold: 0.5 }],
    });
  });
});

describe('hides()', () => {
  it.each([
    [{}, false],
    [{ faces: 'pixelate' }, true],
    [{ background: '#ffffff' }, true],
  ] as const)('of %o is %s', (changes, hidden) => {
    const settings = new Settings();
    settings.change(changes);
    expect(hides(settings.choices)).toBe(hidden);
  });
});
