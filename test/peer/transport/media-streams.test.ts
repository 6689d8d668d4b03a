import { parse } from 'sdp-transform';
import { expect, it } from 'vitest';
import { returnedStreams } from '../../../peer/transport/media-streams.ts';

/** Sections by kind and the stream that each is offered in. */
function offer(...sections: [kind: string, stream?: string][]): string {
  const lines = sections.flatMap(([kind, stream], mid) => [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF 96`,
    `a=mid:${mid}`,
    ...(stream === undefined ? [] : [`a=msid:${stream} track-${mid}`]),
  ]);
  return `${['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0', ...lines].join('\r\n')}\r\n`;
}

it.each<[string, [string, string?][], string[]]>([
  [
    'sound and picture of one stream',
    [
      ['audio', 'S'],
      ['video', 'S'],
    ],
    ['0', '0'],
  ],
  [
    'two cameras, sound with the second',
    [
      ['video', 'A'],
      ['video', 'B'],
      ['audio', 'B'],
    ],
    ['0', '1', '1'],
  ],
  [
    "Firefox's braces",
    [
      ['audio', '{b}'],
      ['video', '{a}'],
      ['video', '{b}'],
    ],
    ['1', '0', '1'],
  ],
  [
    'tracks without a stream',
    [
      ['audio', '-'],
      ['video', '-'],
    ],
    ['0', '0'],
  ],
  ['no stream said at all', [['audio'], ['video']], ['0', '0']],
  [
    'sound of a stream of its own',
    [
      ['audio', 'M'],
      ['video', 'A'],
      ['video', 'B'],
    ],
    ['0', '0', '1'],
  ],
])('returnedStreams() groups %s', (_title, sections, expected) => {
  const streams = returnedStreams(parse(offer(...sections)).media);
  expect([...streams.values()]).toEqual(expected.map((number) => `sightline-${number}`));
});

it('returnedStreams() has none for data', () => {
  expect([...returnedStreams(parse(offer(['video', 'S'], ['application'])).media).keys()]).toEqual(['0']);
});
