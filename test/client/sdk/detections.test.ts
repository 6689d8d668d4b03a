import { describe, expect, it } from 'vitest';
import { summarize } from '../../../client/sdk/detections-summary.ts';
import { readDetections } from '../../../client/sdk/read-detections.ts';
import { type DetectedObject, type Detections, detectionsSchema } from '../../../protocol/detections.ts';

const object = (label: string, score: number): DetectedObject => ({
  label,
  classId: 0,
  score,
  box: { x: 0, y: 0, width: 1, height: 1 },
});

const result: Detections = detectionsSchema.parse({
  type: 'detections',
  v: 1,
  sessionId: 'p1-x',
  mid: '0',
  seq: 1,
  rtpTimestamp: 90_000,
  captureTime: 1,
  width: 640,
  height: 480,
  task: 'detect',
  model: 'yolox-nano',
  objects: [object('person', 0.9)],
  timings: { total: 30 },
});

describe('readDetections()', () => {
  it('reads what the protocol’s schema accepts', () => {
    expect(readDetections(JSON.stringify(result))).toEqual(result);
  });

  it.each([
    ['another kind of message', JSON.stringify({ ...result, type: 'events' })],
    ['another version', JSON.stringify({ ...result, v: 2 })],
    ['a message without objects', JSON.stringify({ ...result, objects: undefined })],
    ['what is not JSON', '{'],
    ['null', 'null'],
    ['bytes', new ArrayBuffer(4)],
  ])('passes over %s', (_what, data) => {
    expect(readDetections(data)).toBeNull();
  });
});

describe('summarize()', () => {
  it('counts by label with the best score, the most frequent first', () => {
    const objects = [object('person', 0.7), object('cup', 0.5), object('cup', 0.6), object('dog', 0.9)];
    expect(summarize(objects)).toEqual([
      { label: 'cup', count: 2, score: 0.6 },
      { label: 'dog', count: 1, score: 0.9 },
      { label: 'person', count: 1, score: 0.7 },
    ]);
  });

  it('is empty for an empty frame', () => {
    expect(summarize([])).toEqual([]);
  });
});
