import { describe, expect, it } from 'vitest';
import {
  advertise,
  candidateUse,
  takeCandidates,
  withoutExtensions,
} from '../../../peer/transport/ice-candidates.ts';

const OFFER = [
  'v=0',
  'o=- 1 1 IN IP4 0.0.0.0',
  's=-',
  't=0 0',
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'a=mid:0',
  'a=rtpmap:96 VP8/90000',
  'a=candidate:1 1 udp 2122260223 192.0.2.1 61764 typ host generation 3 ufrag EsAw',
  'a=end-of-candidates',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=mid:d',
  '',
].join('\r\n');

describe('takeCandidates()', () => {
  it('takes the candidates and their end out of an offer, and leaves the rest', () => {
    const { sdp, offered } = takeCandidates(OFFER);
    expect(sdp).not.toMatch(/candidate/);
    expect(sdp).toContain('a=rtpmap:96 VP8/90000');
    expect(offered).toEqual([
      { mid: '0', candidates: ['1 1 udp 2122260223 192.0.2.1 61764 typ host generation 3 ufrag EsAw'] },
      { mid: 'd', candidates: [] },
    ]);
  });
});

describe('candidateUse()', () => {
  it.each([
    ['1 1 udp 2122260223 192.0.2.1 61764 typ host', 'try'],
    ['1 1 UDP 2122260223 2001:db8::1 61764 typ srflx raddr 0.0.0.0 rport 0', 'try'],
    ['1 1 udp 2113937151 05163896-185c-4f2d-9974-952f50ed0244.local 57443 typ host', 'resolve'],
    ['1 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active', 'ignore'],
    ['1 1 tcp 1518280447 192.0.2.1 22 typ host tcptype passive', 'ignore'],
    ['1 1 udp 2122260223 intranet.example 80 typ host', 'ignore'],
    ['1 1 udp 2122260223 a.b.local 80 typ host', 'ignore'],
    ['1 2 udp 2122260223 192.0.2.1 61764 typ host', 'ignore'],
    ['1 1 udp 2122260223 192.0.2.1 0 typ host', 'ignore'],
    ['1 1 udp 2122260223 192.0.2.1 70000 typ host', 'ignore'],
    ['', 'ignore'],
  ])('of %j is %s', (candidate, use) => {
    expect(candidateUse(candidate)).toBe(use);
  });
});

describe('withoutExtensions()', () => {
  it('ends a candidate after its type', () => {
    expect(withoutExtensions('1 1 udp 1 192.0.2.1 2 typ srflx raddr 0.0.0.0 rport 0 generation 1')).toBe(
      '1 1 udp 1 192.0.2.1 2 typ srflx',
    );
  });
});

describe('advertise()', () => {
  const answer = [
    'm=video 9 X',
    'a=candidate:1 1 udp 2116026367 10.0.0.5 40000 typ host',
    'a=candidate:2 1 udp 2116026367 fd00::5 40001 typ host',
    'a=candidate:3 1 udp 1694498815 203.0.113.9 40000 typ srflx raddr 10.0.0.5 rport 40000 generation 0 ufrag abcd',
    'a=candidate:4 1 tcp 1772093439 10.0.0.5 40000 typ host tcptype passive',
    'a=candidate:5 1 tcp 1772093439 10.0.0.5 9 typ host tcptype active',
    '',
  ].join('\r\n');
  const addresses = ['10.0.0.5', 'fd00::5'];

  it('shows the public address in place of those of its family that sockets are bound to', () => {
    expect(advertise(answer, { addresses, publicAddress: '198.51.100.7' }).split('\r\n')).toEqual([
      'm=video 9 X',
      'a=candidate:1 1 udp 2116026367 198.51.100.7 40000 typ host',
      'a=candidate:2 1 udp 2116026367 fd00::5 40001 typ host',
      'a=candidate:3 1 udp 1694498815 203.0.113.9 40000 typ srflx raddr 10.0.0.5 rport 40000',
      'a=candidate:4 1 tcp 1772093439 198.51.100.7 40000 typ host tcptype passive',
      '',
    ]);
  });

  it('shows the bound addresses where there is no public one', () => {
    expect(advertise(answer, { addresses, publicAddress: undefined })).toContain(
      ' 10.0.0.5 40000 typ host\r\n',
    );
  });
});
