import { describe, expect, it } from 'vitest';
import { delayMs, serverMs } from '../../../client/page/delay.ts';
import { noticeWords } from '../../../client/page/notice-words.ts';
import type { Step } from '../../../client/page/step-averages.ts';
import type { ControlNotice } from '../../../protocol/control.ts';

const means: Partial<Record<Step, number>> = { decode: 2, encode: 4, total: 30 };
const mean = (step: Step) => means[step] ?? null;

describe('serverMs()', () => {
  it.each([
    { output: 'annotated', sync: 'live', ms: 6 },
    { output: 'annotated', sync: 'exact', ms: 34 },
    { output: 'passthrough', sync: 'exact', ms: 0 },
    { output: 'data', sync: 'live', ms: null },
  ] as const)('in $sync with output $output is $ms', ({ output, sync, ms }) => {
    expect(serverMs({ output, sync }, mean)).toBe(ms);
  });

  it('is not known before there is a result', () => {
    expect(serverMs({ output: 'annotated', sync: 'live' }, () => null)).toBeNull();
  });
});

describe('delayMs()', () => {
  it('adds round trip, server and buffer', () => {
    expect(delayMs({ roundTripMs: 20, bufferedMs: 35 }, 6)).toBe(61);
  });

  it.each([
    [null, 35, 6],
    [20, null, 6],
    [20, 35, null],
  ])('is not known where a part is not: %s, %s, %s', (roundTripMs, bufferedMs, server) => {
    expect(delayMs({ roundTripMs, bufferedMs }, server)).toBeNull();
  });
});

describe('noticeWords()', () => {
  it('says nothing where all is well again, and what a newer server says in its own words', () => {
    const of = (notice: object) => noticeWords({ type: 'notice', ...notice } as ControlNotice);
    expect(of({ code: 'model-recovered', task: 'detect', model: 'x', detail: 'd' })).toBeNull();
    expect(of({ code: 'model-failing', task: 'detect', model: 'x', detail: 'd' })).toContain('model x');
    expect(of({ code: 'of-tomorrow', detail: 'Words of tomorrow' })).toBe('Words of tomorrow');
  });
});
