import { describe, expect, it } from 'vitest';
import { restartedAnswer, writeFragment } from '../../../client/sdk/ice-fragment.ts';
import { formatFragment, parseFragment } from '../../../protocol/ice.ts';

const PASSWORD = 'P2uYro0UCOQ4zxjKXaWCBui1';
const section = (mid: string, ufrag: string) =>
  [
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${PASSWORD}`,
  ].join('\r\n');
const SDP = `v=0\r\ns=-\r\n${section('0', 'abcd')}\r\n${section('1', 'abcd')}\r\n`;
const HOST = '1 1 udp 2122260223 192.0.2.1 61764 typ host';

describe('writeFragment()', () => {
  it('writes what the server reads, each candidate in its section', () => {
    const fragment = writeFragment(SDP, [
      { candidate: `candidate:${HOST}`, sdpMid: '1', usernameFragment: 'abcd' },
    ]);
    const common = { ufrag: 'abcd', password: PASSWORD, complete: false };
    expect(parseFragment(fragment)).toEqual([
      { mid: '0', candidates: [], ...common },
      { mid: '1', candidates: [HOST], ...common },
    ]);
  });
});

describe('restartedAnswer()', () => {
  it('puts the user name, the password and the candidates of the restart in place of those before', () => {
    const before = SDP.replace(/(a=ice-pwd:.*\r\n)/g, '$1a=candidate:9 1 udp 1 192.0.2.9 9 typ host\r\n');
    const password = PASSWORD.replace('P', 'Q');
    const fragment = formatFragment([
      { mid: '0', ufrag: 'next', password, candidates: [HOST], complete: true },
    ]);
    const answer = restartedAnswer(before, fragment);
    expect(answer.match(/a=(ice-ufrag|ice-pwd|candidate):.*/g)).toEqual([
      'a=ice-ufrag:next',
      `a=ice-pwd:${password}`,
      `a=candidate:${HOST}`,
      'a=ice-ufrag:next',
      `a=ice-pwd:${password}`,
      `a=candidate:${HOST}`,
    ]);
    expect(answer.startsWith('v=0\r\ns=-\r\nm=video')).toBe(true);
  });
});
