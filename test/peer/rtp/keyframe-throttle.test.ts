import { describe, expect, it } from 'vitest';
import { KeyframeThrottle } from '../../../peer/rtp/keyframe-throttle.ts';

describe('KeyframeThrottle', () => {
  it('take() is false while nobody asks', () => {
    expect(new KeyframeThrottle().take(0)).toBe(false);
  });

  it('take() serves a request at once, and only once', () => {
    const throttle = new KeyframeThrottle();
    throttle.request();
    expect(throttle.take(0)).toBe(true);
    expect(throttle.take(1000)).toBe(false);
  });

  it('take() makes one key frame an interval of many requests, and loses none', () => {
    const throttle = new KeyframeThrottle({ intervalMs: 300 });
    const taken: number[] = [];
    for (let now = 0; now <= 1000; now += 10) {
      if (now <= 650) throttle.request();
      if (throttle.take(now)) taken.push(now);
    }
    expect(taken).toEqual([0, 300, 600, 900]);
  });

  it('onKeyframe() serves the requests before it and begins an interval', () => {
    const throttle = new KeyframeThrottle({ intervalMs: 300 });
    throttle.request();
    throttle.onKeyframe(1000);
    expect(throttle.take(2000)).toBe(false);
    throttle.onKeyframe(2000);
    throttle.request();
    expect(throttle.take(2299)).toBe(false);
    expect(throttle.take(2300)).toBe(true);
  });
});
