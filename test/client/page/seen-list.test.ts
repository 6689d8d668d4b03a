import { describe, expect, it } from 'vitest';
import { SeenList, seenSentence } from '../../../client/page/seen-list.ts';
import type { DetectedObject } from '../../../protocol/detections.ts';

const objects = (...labels: string[]): DetectedObject[] =>
  labels.map((label) => ({ label, classId: 0, score: 0.5, box: { x: 0, y: 0, width: 1, height: 1 } }));

const shown = (list: SeenList, nowMs: number) =>
  list.rows(nowMs).map(({ label, count }) => `${label} ${count}`);

describe('SeenList', () => {
  it('rows() keep their place when another label becomes more frequent', () => {
    const list = new SeenList();
    list.push(objects('person'), 0);
    list.push(objects('cup', 'cup', 'person'), 100);
    expect(shown(list, 100)).toEqual(['person 1', 'cup 2']);
  });

  it('rows() hold a label over the results that miss it, and then let it go', () => {
    const list = new SeenList();
    list.push(objects('person', 'cup'), 0);
    list.push(objects('person'), 400);
    expect(shown(list, 800)).toEqual(['person 1', 'cup 1']);
    expect(shown(list, 801)).toEqual(['person 1']);
    expect(shown(list, 5_000)).toEqual([]);
  });

  it('push() puts a label that left and came back at the end', () => {
    const list = new SeenList();
    list.push(objects('cup', 'person'), 0);
    list.push(objects('person'), 1_000);
    list.push(objects('cup', 'person'), 1_100);
    expect(shown(list, 1_100)).toEqual(['person 1', 'cup 1']);
  });
});

describe('seenSentence()', () => {
  it('reads numbers where there are several', () => {
    const list = new SeenList();
    list.push(objects('person', 'cup', 'cup'), 0);
    expect(seenSentence(list.rows(0))).toBe('Seen now: 2 × cup, person');
  });

  it('says so where there is nothing', () => {
    expect(seenSentence([])).toBe('Nothing recognised');
  });
});
