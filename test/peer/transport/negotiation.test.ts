import { describe, expect, it } from 'vitest';
import { negotiate } from '../../../peer/transport/negotiation.ts';
import { SightlineError } from '../../../protocol/errors.ts';

const transport = [
  'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuvwx',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  'a=setup:actpass',
];

/** An offer as browsers write them; each section its own lines. */
function offer(...sections: string[][]): string {
  const lines = ['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0'];
  for (const [index, [media, ...rest]] of sections.entries()) {
    lines.push(`m=${media}`, 'c=IN IP4 0.0.0.0', `a=mid:${index}`, ...transport, 'a=rtcp-mux', ...rest);
  }
  return `${lines.join('\r\n')}\r\n`;
}

const vp8 = [
  'a=rtpmap:96 VP8/90000',
  'a=rtcp-fb:96 nack',
  'a=rtcp-fb:96 transport-cc',
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=96',
];
const h264 = (payload: number, fmtp: string) => [
  `a=rtpmap:${payload} H264/90000`,
  `a=fmtp:${payload} ${fmtp}`,
  `a=rtpmap:${payload + 1} rtx/90000`,
  `a=fmtp:${payload + 1} apt=${payload}`,
];
const mode0 = 'packetization-mode=0;profile-level-id=42e01f';
const mode1 = 'packetization-mode=1;profile-level-id=42001f';
const constrained = 'packetization-mode=1;profile-level-id=42e01f';

function codeOf(sdp: string): string {
  try {
    negotiate(sdp);
  } catch (error) {
    if (error instanceof SightlineError) return error.code;
    throw error;
  }
  return 'answered';
}

describe('negotiate()', () => {
  it.each([
    ['VP8 alone', [...vp8], 'VP8', 96],
    ['VP8 first, H.264 later', [...vp8, ...h264(102, mode1)], 'H264', 102],
    ['two H.264 profiles', [...h264(102, mode1), ...h264(108, constrained)], 'H264', 108],
    ['H.264 in packetization mode 0, and VP8', [...h264(102, mode0), ...vp8], 'VP8', 96],
    ['H.264 in packetization mode 0 alone', h264(102, mode0), 'H264', 102],
    ['VP9 and AV1', ['a=rtpmap:45 AV1/90000', 'a=rtpmap:98 VP9/90000'], 'VP9', 98],
    ['AV1 alone', ['a=rtpmap:45 AV1/90000'], 'AV1', 45],
  ])('chooses the codec of %s', (_title, lines, codec, payloadType) => {
    const sdp = offer(['video 9 UDP/TLS/RTP/SAVPF 96 97 98 45 102 103 108 109', 'a=sendrecv', ...lines]);
    expect(negotiate(sdp).video).toMatchObject([{ mid: '0', codec, payloadType, transportFeedback: false }]);
  });

  it('cuts the section down to the codec and its RTX, without the feedback of the library', () => {
    const sdp = offer([
      'video 9 UDP/TLS/RTP/SAVPF 96 97 102 103',
      'a=sendrecv',
      'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
      'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
      ...vp8,
      ...h264(102, constrained),
    ]);
    const { offerSdp } = negotiate(sdp);
    expect(offerSdp).toContain('m=video 9 UDP/TLS/RTP/SAVPF 102 103');
    expect(offerSdp).toContain('sdes:mid');
    expect(offerSdp).not.toMatch(/VP8|rtcp-fb|transport-wide/);
  });

  it('finishAnswer() tells the other side of NACK, PLI, FIR and REMB', () => {
    const sdp = offer(['video 9 UDP/TLS/RTP/SAVPF 96 97', 'a=sendrecv', ...vp8]);
    const answer = negotiate(sdp).finishAnswer(sdp);
    const feedback = answer.split('\r\n').filter((line) => line.startsWith('a=rtcp-fb'));
    expect(feedback).toEqual([
      'a=rtcp-fb:96 nack',
      'a=rtcp-fb:96 nack pli',
      'a=rtcp-fb:96 ccm fir',
      'a=rtcp-fb:96 goog-remb',
    ]);
  });

  it('takes transport-wide feedback where both the extension and the codec offer it, and answers so', () => {
    const extension = 'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
    const sdp = offer(['video 9 UDP/TLS/RTP/SAVPF 96 97', 'a=sendrecv', extension, ...vp8]);
    const negotiation = negotiate(sdp);
    expect(negotiation.video[0]?.transportFeedback).toBe(true);
    expect(negotiation.offerSdp).toContain('transport-wide-cc');
    expect(negotiation.finishAnswer(sdp)).toContain('a=rtcp-fb:96 transport-cc');
  });

  it('takes a section without a direction as sendrecv (RFC 8866)', () => {
    expect(negotiate(offer(['video 9 UDP/TLS/RTP/SAVPF 96 97', ...vp8])).offerSdp).toContain('a=sendrecv');
  });

  it('chooses for each of several cameras', () => {
    const sdp = offer(
      ['video 9 UDP/TLS/RTP/SAVPF 96 97', 'a=sendrecv', ...vp8],
      ['video 9 UDP/TLS/RTP/SAVPF 102 103', 'a=sendonly', ...h264(102, mode1)],
    );
    expect(negotiate(sdp).video.map(({ mid, codec }) => `${mid} ${codec}`)).toEqual(['0 VP8', '1 H264']);
  });

  it('takes a section that is bundle-only with the transport of its bundle (RFC 9143)', () => {
    const sdp = offer(['video 9 UDP/TLS/RTP/SAVPF 96 97', 'a=sendrecv', ...vp8]);
    const bundled = `m=video 0 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:1\r\na=bundle-only\r\na=sendrecv\r\n${vp8.join('\r\n')}\r\n`;
    const { video, offerSdp } = negotiate(sdp + bundled);
    expect(video.map(({ mid }) => mid)).toEqual(['0', '1']);
    expect(offerSdp.match(/a=ice-ufrag:abcd/g)).toHaveLength(2);
  });

  it('leaves a refused section alone, which has no transport', () => {
    const refused = 'm=audio 0 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\na=inactive\r\n';
    expect(codeOf(offer(['video 9 UDP/TLS/RTP/SAVPF 96 97', 'a=sendrecv', ...vp8]) + refused)).toBe(
      'answered',
    );
  });

  it('answers a simulcast offer with one stream', () => {
    const layers = ['a=rid:q send', 'a=rid:h send', 'a=simulcast:send q;h'];
    const rid = 'a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id';
    const sdp = offer(['video 9 UDP/TLS/RTP/SAVPF 96 97', 'a=sendrecv', rid, ...vp8, ...layers]);
    const negotiation = negotiate(sdp);
    expect(negotiation.offerSdp).not.toMatch(/simulcast|rid|rtp-stream-id/);
    expect(negotiation.video[0]?.layer).toEqual({ rid: 'h', extensionId: 10 });
    const answer = negotiation.finishAnswer(negotiation.offerSdp);
    expect(answer).toContain('a=rid:h recv');
    expect(answer).toContain('a=simulcast:recv h');
    expect(answer).toContain('a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id');
  });

  it('offers the library no feedback for audio either', () => {
    const audio = [
      'audio 9 UDP/TLS/RTP/SAVPF 111',
      'a=sendrecv',
      'a=rtpmap:111 opus/48000/2',
      'a=rtcp-fb:111 transport-cc',
    ];
    const sdp = offer(['video 9 UDP/TLS/RTP/SAVPF 96 97', 'a=sendrecv', ...vp8], audio);
    expect(negotiate(sdp).offerSdp).not.toContain('transport-cc');
  });

  const camera = ['video 9 UDP/TLS/RTP/SAVPF 96 97', 'a=sendrecv', ...vp8];
  const candidates = Array.from(
    { length: 65 },
    (_, i) => `a=candidate:${i} 1 udp 1 127.0.0.1 ${1000 + i} typ host`,
  );
  it.each([
    ['five cameras', offer(...Array.from({ length: 5 }, () => camera)), 'sdp-invalid'],
    [
      'seventeen sections',
      offer(camera, ...Array.from({ length: 16 }, () => ['audio 9 UDP/TLS/RTP/SAVPF 111', 'a=inactive'])),
      'sdp-invalid',
    ],
    ['65 candidates', offer([...camera, ...candidates]), 'sdp-invalid'],
    ['the same mid twice', offer(camera, camera).replace('a=mid:1', 'a=mid:0'), 'sdp-invalid'],
    [
      'one SSRC in two sections',
      offer([...camera, 'a=ssrc:7 cname:x'], [...camera, 'a=ssrc:7 cname:x']),
      'sdp-invalid',
    ],
    ['one SSRC twice in a group', offer([...camera, 'a=ssrc-group:FID 7 7']), 'sdp-invalid'],
    ['a number for a codec', offer([...camera, 'a=rtpmap:0 0 0']), 'sdp-invalid'],
    ['an answer', offer(camera).replaceAll('actpass', 'active'), 'offer-expected'],
    ['not SDP', 'hello', 'sdp-invalid'],
    ['no section', 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n', 'sdp-invalid'],
    [
      'no transport',
      'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n',
      'sdp-invalid',
    ],
    [
      'audio alone',
      offer(['audio 9 UDP/TLS/RTP/SAVPF 111', 'a=sendrecv', 'a=rtpmap:111 opus/48000/2']),
      'no-video',
    ],
    [
      'video that only receives',
      offer(['video 9 UDP/TLS/RTP/SAVPF 96 97', 'a=recvonly', ...vp8]),
      'no-video',
    ],
    ['video that was refused', offer(['video 0 UDP/TLS/RTP/SAVPF 96 97', 'a=sendrecv', ...vp8]), 'no-video'],
    [
      'H.265 alone',
      offer(['video 9 UDP/TLS/RTP/SAVPF 45', 'a=sendrecv', 'a=rtpmap:45 H265/90000']),
      'codec-unsupported',
    ],
  ])('refuses %s', (_title, sdp, code) => {
    expect(codeOf(sdp)).toBe(code);
  });
});
