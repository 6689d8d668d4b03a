import { parse } from 'sdp-transform';
import { describe, expect, it } from 'vitest';
import { chooseLayer } from '../../../peer/transport/simulcast.ts';

const streamId = 'a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id';

function layerOf(...lines: string[]): string | undefined {
  const [media] = parse(
    ['v=0', 'm=video 9 UDP/TLS/RTP/SAVPF 96', 'a=mid:0', ...lines, ''].join('\r\n'),
  ).media;
  return media && chooseLayer(media)?.rid;
}

describe('chooseLayer', () => {
  it('chooses none where there is no simulcast, or packets do not say their layer', () => {
    expect(layerOf(streamId, 'a=rid:f send')).toBeUndefined();
    expect(layerOf('a=rid:f send', 'a=rid:q send', 'a=simulcast:send q;f')).toBeUndefined();
    expect(layerOf(streamId, 'a=rid:f recv', 'a=simulcast:recv f')).toBeUndefined();
  });

  it('chooses by the bounds of the layers, then by name, then the last', () => {
    const bounded = [
      'a=rid:f send max-width=320;max-height=180',
      'a=rid:1 send pt=96;max-width=1280;max-height=720',
    ];
    expect(layerOf(streamId, ...bounded, 'a=simulcast:send f;1')).toBe('1');
    expect(layerOf(streamId, 'a=simulcast:send hi;lo')).toBe('hi');
    expect(layerOf(streamId, 'a=simulcast:send f;h;q')).toBe('f');
    expect(layerOf(streamId, 'a=simulcast:send 0;1;2')).toBe('2');
  });

  it('leaves layers that begin paused where another runs, and takes the preferred of alternatives', () => {
    expect(layerOf(streamId, 'a=simulcast:send 0;~1')).toBe('0');
    expect(layerOf(streamId, 'a=simulcast:send ~0;~1')).toBe('1');
    expect(layerOf(streamId, 'a=simulcast:recv 9 send 0;1,2')).toBe('1');
  });
});
