import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { letterbox, toFrame } from '../../../peer/vision/letterbox.ts';

const network = { width: 416, height: 416 };
const side = fc.integer({ min: 1, max: 8192 });
const source = fc.record({ width: side, height: side });
const fit = fc.constantFrom('letterbox' as const, 'stretch' as const);
const fraction = fc.double({ min: 0, max: 1, noNaN: true });

describe('letterbox()', () => {
  it.each([
    { from: [640, 480], fit: 'letterbox', to: [416, 312] },
    { from: [480, 640], fit: 'letterbox', to: [312, 416] },
    { from: [7680, 4320], fit: 'letterbox', to: [416, 234] },
    { from: [1, 1], fit: 'letterbox', to: [416, 416] },
    { from: [8192, 1], fit: 'letterbox', to: [416, 1] },
    { from: [1, 8192], fit: 'letterbox', to: [1, 416] },
    { from: [640, 480], fit: 'stretch', to: [416, 416] },
    { from: [1, 8192], fit: 'stretch', to: [416, 416] },
  ] as const)('letterbox() brings $from to $to with $fit', ({ from, fit, to }) => {
    const geometry = letterbox({ width: from[0], height: from[1] }, network, fit);
    expect([geometry.scaledWidth, geometry.scaledHeight]).toEqual(to);
    expect(geometry.scaleX * from[0]).toBeCloseTo(to[0], 9);
    expect(geometry.scaleY * from[1]).toBeCloseTo(to[1], 9);
  });

  it('letterbox() scales each side of a frame as it scales its pixels, for a network of any size', () => {
    const small = fc.integer({ min: 1, max: 1024 });
    fc.assert(
      fc.property(source, small, small, fit, ({ width, height }, columns, rows, way) => {
        const network = { width: columns, height: rows };
        const { scaledWidth, scaledHeight, scaleX, scaleY } = letterbox({ width, height }, network, way);
        expect(scaleX * width).toBeCloseTo(scaledWidth, 9);
        expect(scaleY * height).toBeCloseTo(scaledHeight, 9);
        expect(scaledWidth === columns || scaledHeight === rows).toBe(true);
        expect(scaledWidth <= columns && scaledHeight <= rows).toBe(true);
        if (way === 'stretch') expect([scaledWidth, scaledHeight]).toEqual([columns, rows]);
      }),
    );
  });

  it('letterbox() of a frame on its side is that of the frame, on its side', () => {
    fc.assert(
      fc.property(source, side, side, fit, (size, columns, rows, way) => {
        const upright = letterbox(size, { width: columns, height: rows }, way);
        const turned = letterbox(
          { width: size.height, height: size.width },
          { width: rows, height: columns },
          way,
        );
        expect([turned.scaledWidth, turned.scaledHeight]).toEqual([
          upright.scaledHeight,
          upright.scaledWidth,
        ]);
      }),
    );
  });

  it('letterbox() stays within the network, fills one side of it, and keeps the aspect within half a pixel', () => {
    fc.assert(
      fc.property(source, ({ width, height }) => {
        const { scaledWidth, scaledHeight } = letterbox({ width, height }, network, 'letterbox');
        expect(Math.max(scaledWidth, scaledHeight)).toBe(416);
        const scale = Math.min(416 / width, 416 / height);
        for (const [scaled, exact] of [
          [scaledWidth, width * scale],
          [scaledHeight, height * scale],
        ] as const) {
          expect(Number.isInteger(scaled)).toBe(true);
          expect(scaled).toBeGreaterThanOrEqual(1);
          expect(Math.abs(scaled - Math.max(1, exact))).toBeLessThanOrEqual(0.5 + 1e-9);
        }
      }),
    );
  });
});

describe('toFrame()', () => {
  it('toFrame() undoes letterbox() for every box inside the frame', () => {
    fc.assert(
      fc.property(source, fit, fraction, fraction, fraction, fraction, (size, fit, a, b, c, d) => {
        const [left, right] = [Math.min(a, b), Math.max(a, b)];
        const [top, bottom] = [Math.min(c, d), Math.max(c, d)];
        fc.pre(right - left > 1e-6 && bottom - top > 1e-6);
        const geometry = letterbox(size, network, fit);
        const x = left * size.width * geometry.scaleX;
        const y = top * size.height * geometry.scaleY;
        const width = (right - left) * size.width * geometry.scaleX;
        const height = (bottom - top) * size.height * geometry.scaleY;
        const box = toFrame({ x, y, width, height }, geometry);
        expect(box?.x).toBeCloseTo(left, 9);
        expect(box?.y).toBeCloseTo(top, 9);
        expect(box?.width).toBeCloseTo(right - left, 9);
        expect(box?.height).toBeCloseTo(bottom - top, 9);
      }),
    );
  });

  it('toFrame() gives a box inside the frame, or none, for any box', () => {
    const number = fc.double({ min: -1e4, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(source, fit, number, number, number, number, (size, fit, x, y, width, height) => {
        const box = toFrame({ x, y, width, height }, letterbox(size, network, fit));
        if (!box) return;
        expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0);
        expect(Math.min(box.width, box.height)).toBeGreaterThan(0);
        expect(Math.max(box.x + box.width, box.y + box.height)).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it.each([
    { place: 'in the padding', box: { x: 10, y: 320, width: 50, height: 50 } },
    { place: 'left of the frame', box: { x: -50, y: 10, width: 50, height: 50 } },
    { place: 'nowhere, being empty', box: { x: 10, y: 10, width: 0, height: 50 } },
    { place: 'nowhere, being NaN', box: { x: Number.NaN, y: 10, width: 10, height: 50 } },
  ])('toFrame() gives nothing for a box $place', ({ box }) => {
    expect(toFrame(box, letterbox({ width: 640, height: 480 }, network, 'letterbox'))).toBeUndefined();
  });

  it('toFrame() cuts off what reaches into the padding', () => {
    const geometry = letterbox({ width: 640, height: 480 }, network, 'letterbox');
    expect(toFrame({ x: 104, y: 156, width: 208, height: 260 }, geometry)).toEqual({
      x: 0.25,
      y: 0.5,
      width: 0.5,
      height: 0.5,
    });
  });
});
