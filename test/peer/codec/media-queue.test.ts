import { expect, it } from 'vitest';
import { MediaQueue } from '../../../peer/codec/media-queue.ts';

it('MediaQueue hands everything on in order and never holds more than its capacity', async () => {
  const queue = new MediaQueue<number>(3);
  let most = 0;
  const writing = (async () => {
    for (let n = 0; n < 100; n++) {
      expect(await queue.put(n)).toBe(true);
      most = Math.max(most, queue.size);
    }
    queue.end();
  })();
  const read: number[] = [];
  for await (const n of queue) read.push(n);
  await writing;
  expect(read).toEqual(Array.from({ length: 100 }, (_, n) => n));
  expect(most).toBe(3);
});

it('MediaQueue.fail() tells its reader after the last item', async () => {
  const queue = new MediaQueue<string>(2);
  await queue.put('last');
  queue.fail(new Error('broken'));
  expect(await queue.take()).toBe('last');
  await expect(queue.take()).rejects.toThrow('broken');
});

it('MediaQueue.close() drops what waits, and lets go of both sides', async () => {
  const dropped: number[] = [];
  const queue = new MediaQueue<number>(1, (n) => dropped.push(n));
  await queue.put(1);
  const second = queue.put(2);
  queue.close();
  expect(await second).toBe(false);
  expect(await queue.take()).toBeUndefined();
  expect(dropped).toEqual([1, 2]);
  const other = new MediaQueue<number>(1);
  const waiting = other.take();
  other.close();
  expect(await waiting).toBeUndefined();
});
