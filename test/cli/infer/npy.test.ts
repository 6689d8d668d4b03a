import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Features } from '../../../cli/infer/outputs/features.ts';
import { nativeCodecs } from '../../../peer/codec/native/codecs.ts';
import { temporaryFolder } from '../../models/temporary-folder.ts';

const folder = temporaryFolder();

it('Features writes a matrix of float32 as NEP 1 has it, a row for each embedding', async () => {
  const path = join(folder(), 'out.npy');
  const rows = [
    [0.5, -1, 2],
    [3, 4, 5.25],
    [6, 7, 8],
  ];
  const features = await Features.open(path);
  using frame = nativeCodecs.allocateFrame(2, 2, 0);
  const object = { label: 'face', classId: 0, score: 1, box: { x: 0, y: 0, width: 1, height: 1 } };
  const views = [rows.slice(0, 2), [], rows.slice(2)];
  for (const [index, embeddings] of views.entries()) {
    const objects = embeddings.map((embedding) => ({ ...object, embedding }));
    await features.take({
      shot: { type: 'shot', frame, index, seconds: 0 },
      known: { objects },
      looked: true,
    });
  }
  await features.finish();
  const file = await readFile(path);
  expect(file.subarray(0, 8)).toEqual(Buffer.from('\u0093NUMPY\u0001\u0000', 'latin1'));
  const length = file.readUInt16LE(8);
  expect((10 + length) % 64).toBe(0);
  const head = file.toString('latin1', 10, 10 + length);
  expect(head).toMatch(/^\{'descr': '<f4', 'fortran_order': False, 'shape': \(3, 3\), \} *\n$/);
  const values = rows.flat().map((_, index) => file.readFloatLE(10 + length + index * 4));
  expect(values).toEqual(rows.flat());
  expect(file.length).toBe(10 + length + 36);
});
