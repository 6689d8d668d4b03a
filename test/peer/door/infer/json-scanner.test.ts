import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BatchPart } from '../../../../peer/door/infer/batch.ts';
import { JsonScanner } from '../../../../peer/door/infer/json-scanner.ts';

/** What a body is taken apart into: images as bytes or as the code of their failure. */
function scan(body: string | Buffer, pieces: readonly number[] = []) {
  const bytes = Buffer.from(body);
  const scanner = new JsonScanner();
  const parts: BatchPart[] = [];
  let at = 0;
  for (const length of [...pieces, bytes.length]) {
    parts.push(...scanner.push(bytes.subarray(at, at + length)));
    at = Math.min(bytes.length, at + length);
  }
  return { parts, end: scanner.end() };
}

function codeOf(body: string): string {
  try {
    scan(body);
    return 'taken';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('JsonScanner', () => {
  it('gives images and settings back, wherever the body is cut', () => {
    const image = fc.uint8Array({ maxLength: 40 });
    const settings = fc.dictionary(
      fc.string().filter((name) => name !== 'images' && name !== '__proto__'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(
        fc.array(image, { maxLength: 5 }),
        settings,
        fc.constantFrom(undefined, '  ', '\t'),
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 }),
        (images, others, indent, pieces) => {
          const encoded = images.map((bytes) => Buffer.from(bytes).toString('base64'));
          const body = JSON.stringify({ images: encoded, ...others }, undefined, indent);
          const { parts, end } = scan(body, pieces);
          const found = parts.filter((part) => !('settings' in part));
          expect(found).toEqual(images.map((bytes) => ({ bytes: Buffer.from(bytes) })));
          // Numbers as names come first in JavaScript, wherever they are put.
          const before = parts.map((part) => ('settings' in part ? part.settings : {}));
          expect(Object.assign({}, ...before, end)).toEqual(JSON.parse(JSON.stringify(others)));
        },
      ),
    );
  });

  it('tells settings as soon as the images begin, and later ones in the end', () => {
    const { parts, end } = scan('{"task":"faces","images":["AAAA"],"threshold":0.5}');
    expect(parts).toEqual([{ settings: { task: 'faces' } }, { bytes: Buffer.alloc(3) }]);
    expect(end).toEqual({ threshold: 0.5 });
  });

  it('takes base64 without padding, of the alphabet of addresses, and with escaped slashes, cut anywhere', () => {
    const bytes = Buffer.from([251, 255, 254, 1]);
    expect(bytes.toString('base64')).toBe('+//+AQ==');
    for (const text of ['+//+AQ', '-__-AQ', '+\\/\\/+AQ==']) {
      for (const cut of [12, 13, 14, 15, 16])
        expect(scan(`{"images":["${text}"]}`, [cut]).parts).toEqual([{ bytes }]);
    }
  });

  it.each(['A', 'AA=A', 'AAAA=AAA', '!!!!', 'AA AA', 'ÄÄÄÄ', 'AA\\nAA', '===='])(
    'tells that %j is not base64, and goes on',
    (text) => {
      const { parts } = scan(`{"images":["${text}","AAAA"]}`);
      expect(parts).toMatchObject([{ failure: { code: 'base64-invalid' } }, { bytes: Buffer.alloc(3) }]);
    },
  );

  it.each([
    ['', 'not-json'],
    ['{"images":["AAAA"]', 'not-json'],
    ['{"images":["AAAA"]}}', 'not-json'],
    ['{"images":["AAAA",]}', 'not-json'],
    ['{"images":["AAAA" "AAAA"]}', 'not-json'],
    ['[]', 'infer-invalid'],
    ['null', 'infer-invalid'],
    ['{"image":["AAAA"]}', 'infer-invalid'],
    ['{"images":"AAAA"}', 'infer-invalid'],
    ['{"images":[["AAAA"]]}', 'infer-invalid'],
    ['{"images":[{"images":["AAAA"]}]}', 'infer-invalid'],
    ['{"task":{"images":["AAAA"]},"images":[]}', 'taken'],
    ['{"images":["AAAA"],"images":["AAAA"]}', 'infer-invalid'],
    [`{"images":[],"task":${'['.repeat(255)}${']'.repeat(255)}}`, 'taken'],
    [`{"images":[],"task":${'['.repeat(256)}${']'.repeat(256)}}`, 'infer-invalid'],
  ])('judges %s: %s', (body, code) => {
    expect(codeOf(body)).toBe(code);
  });

  it('keeps no more than 64 KiB beside the images', () => {
    expect(codeOf(`{"images":[],"task":"${'x'.repeat(60_000)}"}`)).toBe('taken');
    expect(codeOf(`{"images":[],"task":"${'x'.repeat(70_000)}"}`)).toBe('infer-invalid');
  });
});
