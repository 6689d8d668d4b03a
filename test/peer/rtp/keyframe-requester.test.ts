import { describe, expect, it } from 'vitest';
import { KeyframeRequester } from '../../../peer/rtp/keyframe-requester.ts';

/** The times at which it asks between `from` and `to`, polled every 10 ms. */
function asks(requester: KeyframeRequester, from: number, to: number, rttMs = 20): number[] {
  const times: number[] = [];
  for (let now = from; now <= to; now += 10) if (requester.due(now, rttMs)) times.push(now);
  return times;
}

describe('KeyframeRequester', () => {
  it('due() asks for nothing while nothing is needed', () => {
    expect(asks(new KeyframeRequester(), 0, 5000)).toEqual([]);
  });

  it('due() asks at once, then ever more rarely, up to every two seconds', () => {
    const requester = new KeyframeRequester();
    requester.request();
    expect(asks(requester, 0, 9000)).toEqual([0, 300, 900, 2100, 4100, 6100, 8100]);
    expect(requester.stats()).toEqual({ asked: 7, needed: true });
  });

  it('due() leaves two round trips for the answer', () => {
    const requester = new KeyframeRequester();
    requester.request();
    expect(asks(requester, 0, 2000, 400)).toEqual([0, 800]);
  });

  it('due() asks again however long the round trip', () => {
    const requester = new KeyframeRequester();
    requester.request();
    expect(asks(requester, 0, 4000, 60_000)).toEqual([0, 2000, 4000]);
  });

  it('request() does not hasten what is needed already', () => {
    const requester = new KeyframeRequester();
    requester.request();
    requester.due(0, 20);
    requester.request();
    expect(asks(requester, 10, 890)).toEqual([300]);
  });

  it('onKeyframe() ends the asking, and the next need begins anew', () => {
    const requester = new KeyframeRequester();
    requester.request();
    expect(asks(requester, 0, 1000)).toEqual([0, 300, 900]);
    requester.onKeyframe();
    expect(asks(requester, 1010, 5000)).toEqual([]);
    requester.request();
    expect(asks(requester, 5010, 5500)).toEqual([5010, 5310]);
  });

  it('due() keeps its distance where key frames come and are lost again', () => {
    const requester = new KeyframeRequester();
    requester.request();
    requester.due(0, 20);
    requester.onKeyframe();
    requester.request();
    expect(asks(requester, 10, 500)).toEqual([300]);
  });
});
