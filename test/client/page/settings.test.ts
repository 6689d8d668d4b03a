import { describe, expect, it } from 'vitest';
import { hides, Settings, toWire, wireChanges } from '../../../client/page/settings.ts';
import { liveSettingsSchema } from '../../../protocol/session.ts';

describe('Settings', () => {
  it('chooseModel() begins with the threshold and the classes of the model', () => {
    const settings = new Settings();
    settings.change({ threshold: 0.8, classes: ['cat'], faces: 'blur' });
    settings.chooseModel('movenet-lightning');
    expect(settings.choices).toMatchObject({ threshold: undefined, classes: [], faces: 'blur' });
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
    settings.change({
      model: 'yolox-nano',
      threshold: 0.5,
      classes: ['cat'],
      background: '#0b7a55',
      output: 'passthrough',
    });
    const wire = toWire(settings.choices);
    expect(liveSettingsSchema.parse(wire)).toEqual(wire);
    expect(wire.tasks).toEqual([{ model: 'yolox-nano', threshold: 0.5, classes: ['cat'], rate: 30 }]);
  });
});

describe('wireChanges()', () => {
  it('has the fields that differ, whole', () => {
    const settings = new Settings();
    settings.change({ model: 'yolox-nano', faces: 'blur' });
    const before = settings.choices;
    expect(wireChanges(before, { ...before })).toEqual({});
    settings.change({ threshold: 0.5 });
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
