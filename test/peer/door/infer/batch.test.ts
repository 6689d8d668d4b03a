import { describe, expect, it } from 'vitest';
import { type BatchPart, openBatch, type RawSettings } from '../../../../peer/door/infer/batch.ts';

const image = (bytes = 1): BatchPart => ({ bytes: new Uint8Array(bytes) });
const images = (count: number, bytes?: number) => Array.from({ length: count }, () => image(bytes));
const faces: BatchPart = { settings: { task: 'faces' } };

class Parts {
  taken = 0;
  ended = false;

  async *of(parts: readonly BatchPart[]): AsyncGenerator<BatchPart> {
    try {
      for (const part of parts) {
        this.taken += 1;
        yield part;
      }
    } finally {
      this.ended = true;
    }
  }
}

async function open(parts: readonly BatchPart[], given: RawSettings = {}) {
  const source = new Parts();
  const batch = await openBatch(source.of(parts), given);
  return { source, ...batch };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('openBatch()', () => {
  it('finds settings behind up to eight images', async () => {
    const { settings, images: found } = await open([...images(7), faces], {});
    expect(settings).toEqual({ task: 'faces' });
    expect(await collect(found)).toHaveLength(7);
  });

  it('holds no images back where there are settings before them', async () => {
    for (const [parts, given] of [
      [[faces, ...images(20)], {}],
      [images(20), { task: 'faces' }],
    ] as const) {
      const { settings, source, images: found } = await open(parts, given);
      expect(settings).toEqual({ task: 'faces' });
      expect(source.taken).toBeLessThanOrEqual(2);
      expect(await collect(found)).toHaveLength(20);
    }
  });

  it('holds back eight images or eight megabytes, no more', async () => {
    expect((await open(images(20))).source.taken).toBe(8);
    expect((await open(images(20, 3_000_000))).source.taken).toBe(3);
  });

  it('tells settings that come too late, after the results of what came before', async () => {
    const { images: found } = await open([...images(9), faces]);
    for (let n = 0; n < 9; n += 1) expect((await found.next()).done).toBe(false);
    await expect(found.next()).rejects.toMatchObject({
      code: 'infer-invalid',
      message: expect.stringContaining('found task'),
    });
  });

  it('takes 64 images, and no 65th', async () => {
    const { images: most } = await open(images(64));
    expect(await collect(most)).toHaveLength(64);
    const { images: more, source } = await open(images(66));
    for (let n = 0; n < 64; n += 1) await more.next();
    await expect(more.next()).rejects.toMatchObject({ code: 'too-many-images' });
    expect(source).toMatchObject({ taken: 65, ended: true });
  });

  it('tells that there is no image', async () => {
    const { images: none } = await open([faces]);
    await expect(none.next()).rejects.toMatchObject({ code: 'images-missing' });
  });
});
