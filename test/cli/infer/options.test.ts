import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../cli/command.ts';
import { readInferOptions } from '../../../cli/infer/options.ts';

describe('readInferOptions()', () => {
  it('reads what is given, and looks at every picture where nothing is said', () => {
    expect(readInferOptions(['a.mp4'])).toMatchObject({
      input: 'a.mp4',
      every: 1,
      json: false,
      quiet: false,
    });
    const args = ['-', '--task', 'faces', '--threshold', '0.4', '--classes', 'cat, dog', '--every', '3'];
    expect(readInferOptions(args)).toMatchObject({
      input: '-',
      task: 'faces',
      threshold: 0.4,
      classes: ['cat', 'dog'],
      every: 3,
    });
  });

  it.each([
    [],
    ['a', 'b'],
    ['a', '--task', 'cats'],
    ['a', '--threshold', '2'],
    ['a', '--threshold', ''],
    ['a', '--every', '0'],
    ['a', '--every', '1.5'],
    ['a', '--classes', ''],
    ['a', '--unknown'],
    ['a', '--save', '-', '--jsonl', '-'],
    ['a', '--json', '--jsonl', '-'],
    ['a', '--features', '-'],
  ])('refuses %j', (...args) => {
    expect(() => readInferOptions(args)).toThrow(UsageError);
  });
});
