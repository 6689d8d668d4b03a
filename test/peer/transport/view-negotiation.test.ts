import { expect, it } from 'vitest';
import type { CodecWish } from '../../../peer/transport/video-choice.ts';
import { negotiateView } from '../../../peer/transport/view-negotiation.ts';

const ANY: CodecWish = { words: 'H264 or VP8', fits: (codec) => codec === 'H264' || codec === 'VP8' };
const VP8: CodecWish = { words: 'VP8', fits: (codec) => codec === 'VP8' };

/** A section of an offer with H.264 (96), VP8 (98) and VP9 (100), or with Opus (111). */
function section(kind: 'video' | 'audio', mid: string, direction: string): string[] {
  const codecs =
    kind === 'audio'
      ? ['a=rtpmap:111 opus/48000/2']
      : [
          'a=rtpmap:100 VP9/90000',
          'a=rtpmap:98 VP8/90000',
          'a=rtpmap:96 H264/90000',
          'a=fmtp:96 packetization-mode=1;profile-level-id=42e01f',
        ];
  return [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF ${kind === 'audio' ? '111' : '100 98 96'}`,
    'c=IN IP4 0.0.0.0',
    'a=ice-ufrag:EsAw',
    'a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1',
    `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
    'a=setup:actpass',
    `a=mid:${mid}`,
    `a=${direction}`,
    ...codecs,
  ];
}

function offer(...sections: string[][]): string {
  return ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', ...sections.flat(), ''].join('\r\n');
}

it('negotiateView() takes the first section that receives, H.264 before VP8, and the sound beside it', () => {
  const { video, sound } = negotiateView(
    offer(
      section('audio', 'a', 'recvonly'),
      section('video', 's', 'sendonly'),
      section('video', 'v', 'recvonly'),
      section('video', 'w', 'sendrecv'),
    ),
    ANY,
  );
  expect(video).toMatchObject({ mid: 'v', codec: 'H264', payloadType: 96, packetizationMode: 1 });
  expect(sound).toEqual({ mid: 'a', payloadType: 111 });
});

it('negotiateView() takes no other codec than is wished for', () => {
  const { video, sound } = negotiateView(offer(section('video', '0', 'sendrecv')), VP8);
  expect(video).toMatchObject({ codec: 'VP8', payloadType: 98 });
  expect(sound).toBeUndefined();
  const none: CodecWish = { words: 'AV1', fits: (codec) => codec === 'AV1' };
  expect(() => negotiateView(offer(section('video', '0', 'recvonly')), none)).toThrow(
    /expected AV1, found VP9, VP8, H264/,
  );
});

it.each(['sendonly', 'inactive'])('negotiateView() refuses an offer whose video is %s', (direction) => {
  expect(() => negotiateView(offer(section('video', '0', direction)), ANY)).toThrow(
    expect.objectContaining({ code: 'no-video' }),
  );
});
