import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../client/embed/settings.ts';

const source = 'https://see.example/lab/embed.js?v=1';

describe('readSettings()', () => {
  it('takes the server that the script came from, and leaves the rest to it', () => {
    expect(readSettings({}, source)).toEqual({
      server: new URL('https://see.example/lab/'),
      key: undefined,
      label: 'Annotated camera',
      isDefault: false,
      settings: {},
    });
  });

  it('reads what is looked for, and what is hidden', () => {
    const { settings } = readSettings(
      { task: 'detect', threshold: '0.5', classes: 'person, dog', faces: 'blur', sync: 'exact', model: '' },
      source,
    );
    expect(settings).toEqual({
      task: 'detect',
      threshold: 0.5,
      classes: ['person', 'dog'],
      effects: { faces: 'blur' },
      sync: 'exact',
    });
  });

  it.each([
    [undefined, false],
    ['', true],
    ['true', true],
    ['false', false],
  ])('takes data-default=%o as %s', (value, expected) => {
    expect(readSettings(value === undefined ? {} : { default: value }, source).isDefault).toBe(expected);
  });

  it('takes another server, also one relative to the script', () => {
    expect(readSettings({ server: 'https://other.example' }, source).server.href).toBe(
      'https://other.example/',
    );
    expect(readSettings({ server: '/seen/' }, source).server.href).toBe('https://see.example/seen/');
  });
});
