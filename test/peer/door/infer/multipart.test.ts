import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { readMultipart } from '../../../../peer/door/infer/multipart.ts';

const MEBIBYTE = 1024 * 1024;

it.each([
  ['without a name', '--b\r\n\r\n\r\n'],
  ['that are settings', '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'],
])('readMultipart() gives up a form of many parts %s before it has read all of it', async (_, part) => {
  const parts = Buffer.from(part.repeat(2000));
  let bytes = 0;
  async function* endless() {
    for (; bytes < 20 * MEBIBYTE; bytes += parts.length) {
      yield parts;
      // As from a network.
      await setImmediate();
    }
  }
  const reading = readMultipart(endless(), 'multipart/form-data; boundary=b');
  const all = async () => {
    for await (const found of reading) expect(found).toHaveProperty('settings');
  };
  await expect(all()).rejects.toMatchObject({ code: 'infer-invalid' });
  expect(bytes).toBeLessThan(2 * MEBIBYTE);
});
