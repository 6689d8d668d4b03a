import { afterEach, describe, expect, it } from 'vitest';
import { Emitter } from '../../../client/sdk/emitter.ts';

class Counter extends Emitter<{ count: [number, string] }> {
  count(value: number): void {
    this.emit('count', value, 'now');
  }
}

const { reportError } = globalThis;
afterEach(() => {
  globalThis.reportError = reportError;
});

describe('Emitter', () => {
  it('on() hands a listener every value until it is taken away', () => {
    const counter = new Counter();
    const seen: unknown[] = [];
    const off = counter.on('count', (...values) => seen.push(values));
    counter.count(1);
    off();
    counter.count(2);
    expect(seen).toEqual([[1, 'now']]);
  });

  it('emit() reports a listener that throws, and goes on with the next', () => {
    const reported: unknown[] = [];
    globalThis.reportError = (error: unknown) => reported.push(error);
    const counter = new Counter();
    const seen: number[] = [];
    const broken = new Error('Broken');
    counter.on('count', () => {
      throw broken;
    });
    counter.on('count', (value) => seen.push(value));
    counter.count(7);
    expect({ reported, seen }).toEqual({ reported: [broken], seen: [7] });
  });
});
