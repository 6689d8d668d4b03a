import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inBands } from '../../peer/row-bands.ts';

it.each([
  { width: 640, height: 481 },
  { width: 6240, height: 4160 },
  { width: 400_000, height: 5 },
])('inBands() works on each row of $width × $height once, from even ones on', async (size) => {
  const bands: [from: number, end: number][] = [];
  await inBands(size, (from, end) => bands.push([from, end]));
  const begins = [0, ...bands.map(([, end]) => end)];
  expect(begins.at(-1)).toBe(size.height);
  for (const [index, [from, end]] of bands.entries()) {
    expect(from).toBe(begins[index]);
    expect(from % 2).toBe(0);
    expect(end).toBeGreaterThan(from);
  }
});

it('inBands() lets others have their turn', async () => {
  let bands = 0;
  const seen: number[] = [];
  const working = inBands({ width: 1000, height: 1000 }, () => bands++);
  for (let turn = 0; turn < 3; turn++) {
    seen.push(bands);
    await setImmediate();
  }
  await working;
  expect(seen).toEqual([1, 2, 3]);
  expect(bands).toBe(10);
});
