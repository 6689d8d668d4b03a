import { describe, expect, it } from 'vitest';
import { NackGenerator } from '../../../peer/rtp/nack-generator.ts';

const RTT = 40;

/** A generator that has seen these packets at time 0, and lets nothing be overtaken. */
function seen(sequenceNumbers: readonly number[], options = {}): NackGenerator {
  const generator = new NackGenerator({ reorderingMs: 0, ...options });
  for (const number of sequenceNumbers) generator.onPacket(number, 0);
  return generator;
}

describe('NackGenerator', () => {
  it.each([
    ['nothing when all came', [1, 2, 3], []],
    ['what is missing', [1, 2, 5], [3, 4]],
    ['what is missing across the wrap', [65533, 1], [65534, 65535, 0]],
    ['nothing that was only overtaken', [1, 4, 3, 2], []],
    ['nothing before the first packet', [500], []],
  ])('due() asks for %s', (_, arrived, due) => {
    expect(seen(arrived).due(0, RTT)).toEqual(due);
  });

  it('due() gives overtaken packets some time first', () => {
    const generator = seen([1, 3], { reorderingMs: 5 });
    expect(generator.due(4, RTT)).toEqual([]);
    expect(generator.due(5, RTT)).toEqual([2]);
  });

  it('due() asks again after the round trip, and not before', () => {
    const generator = seen([1, 3]);
    expect(generator.due(0, RTT)).toEqual([2]);
    expect(generator.due(49, RTT)).toEqual([]);
    expect(generator.due(50, RTT)).toEqual([2]);
    expect(generator.due(75, 0)).toEqual([2]);
    expect(generator.stats()).toEqual({ asked: 3, missing: 1 });
  });

  it('onPacket() ends the asking for what arrived', () => {
    const generator = seen([65534, 1]);
    generator.due(0, RTT);
    generator.onPacket(65535, 10);
    expect(generator.due(100, RTT)).toEqual([0]);
    generator.onPacket(0, 110);
    expect(generator.due(1000, RTT)).toEqual([]);
  });

  it('due() asks a limited number of times', () => {
    const generator = seen([1, 3], { maxAsks: 3, maxAgeMs: 1e6 });
    let asked = 0;
    for (let now = 0; now < 5000; now += 10) asked += generator.due(now, RTT).length;
    expect(asked).toBe(3);
    expect(generator.stats().missing).toBe(0);
  });

  it('due() forgets what is too old', () => {
    const generator = seen([1, 3], { maxAgeMs: 200 });
    expect(generator.due(201, RTT)).toEqual([]);
    expect(generator.stats().missing).toBe(0);
  });

  it('onPacket() forgets the oldest when too many are missing', () => {
    expect(seen([65530, 10], { maxMissing: 4 }).due(0, RTT)).toEqual([6, 7, 8, 9]);
  });

  it.each([
    ['forwards', 40_000],
    ['backwards', 60_000],
  ])('onPacket() asks for nothing after a large jump %s, and goes on from there', (_, to) => {
    const generator = seen([1, 3]);
    generator.onPacket(to, 1);
    expect(generator.due(1, RTT)).toEqual([]);
    generator.onPacket(to + 2, 2);
    expect(generator.due(2, RTT)).toEqual([to + 1]);
  });

  it('forgetBefore() ends the asking for what was given up', () => {
    const generator = seen([65533, 3]);
    generator.forgetBefore(1);
    expect(generator.due(0, RTT)).toEqual([1, 2]);
  });

  it('forgetBefore() means nothing before the first packet', () => {
    const generator = new NackGenerator();
    generator.forgetBefore(5);
    expect(generator.due(0, RTT)).toEqual([]);
  });
});
