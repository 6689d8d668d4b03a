import { describe, expect, it } from 'vitest';
import { Lru } from '../../../../peer/vision/draw/lru.ts';

describe('Lru', () => {
  it('Lru makes a value once', () => {
    const lru = new Lru<object>(2);
    const first = lru.get('a', () => ({}));
    expect(lru.get('a', () => ({}))).toBe(first);
  });

  it('Lru forgets what was asked for longest ago', () => {
    const lru = new Lru<number>(2);
    lru.get('a', () => 1);
    lru.get('b', () => 1);
    lru.get('a', () => 2);
    lru.get('c', () => 1);
    expect(lru.get('a', () => 2)).toBe(1);
    expect(lru.get('b', () => 2)).toBe(2);
  });

  it('Lru never holds more than its capacity', () => {
    const lru = new Lru<number>(5);
    for (let key = 0; key < 100; key++) lru.get(`${key}`, () => key);
    expect(lru.size).toBe(5);
  });
});
