import { describe, expect, it } from 'vitest';
import { NewestResult } from '../../../client/sdk/process/newest-result.ts';
import type { Detections } from '../../../protocol/detections.ts';

const result = (seq: number) => ({ seq }) as Detections;

describe('NewestResult', () => {
  it('keeps the newest for a reader that is slow', async () => {
    const newest = new NewestResult();
    const reader = newest.stream.getReader();
    for (const seq of [1, 2, 3]) newest.push(result(seq));
    expect(await reader.read()).toMatchObject({ value: { seq: 3 } });
  });

  it('gives a reader that waits the next one', async () => {
    const newest = new NewestResult();
    const reader = newest.stream.getReader();
    const read = reader.read();
    newest.push(result(7));
    expect(await read).toMatchObject({ value: { seq: 7 } });
  });

  it('close() ends the stream, also for a reader that waits', async () => {
    const newest = new NewestResult();
    const read = newest.stream.getReader().read();
    newest.close();
    newest.close();
    newest.push(result(1));
    expect(await read).toMatchObject({ done: true });
  });

  it('may be cancelled by its reader', async () => {
    const newest = new NewestResult();
    await newest.stream.cancel();
    newest.push(result(1));
    newest.close();
    expect(await newest.stream.getReader().read()).toMatchObject({ done: true });
  });
});
