import { describe, expect, it } from 'vitest';
import { type PathFacts, pathFindings } from '../../../cli/doctor/server/path-diagnosis.ts';
import type { PathCandidate } from '../../../cli/webrtc/caller.ts';
import type { Diagnosis } from '../../../protocol/ice.ts';

function host(address: string, type = 'host'): PathCandidate {
  return { address, port: 40_000, type, transport: 'udp' };
}

function says(code: Diagnosis['code']): Diagnosis {
  return { code, text: 'Something in words' };
}

const chosen = { own: host('192.0.2.1'), other: host('192.0.2.9'), roundTripMs: 3 };

/** Nothing was answered, and nobody knows why. */
const facts: PathFacts = {
  own: [host('192.0.2.1')],
  offered: [host('192.0.2.9')],
  checksSent: 7,
  checksAnswered: 0,
  checksReceived: 0,
  chosen: undefined,
  dtls: 'new',
  urlAddresses: ['192.0.2.9'],
  diagnosis: [],
};

describe('pathFindings()', () => {
  it.each<[string, Partial<PathFacts>, string[]]>([
    ['no address here', { own: [] }, ['no-own-address']],
    ['no address there', { offered: [] }, ['server-no-address']],
    ['names alone', { offered: [host('3fd8.local')] }, ['server-mdns-only']],
    ['the loopback address of another machine', { offered: [host('127.0.0.1')] }, ['server-loopback-only']],
    [
      'a loopback address, for a server of this machine',
      { offered: [host('127.0.0.1')], urlAddresses: ['127.0.0.1'], diagnosis: [says('ice-loopback-only')] },
      ['udp-blocked'],
    ],
    ['private addresses of a public server', { offered: [host('10.0.0.5')] }, ['server-private-only']],
    ['media elsewhere than HTTP', { offered: [host('198.51.100.4')] }, ['server-address-wrong']],
    ['the same address for both', {}, ['udp-blocked']],
    [
      'what the server received',
      { diagnosis: [says('ice-no-response')] },
      ['udp-blocked-back', 'ice-no-response'],
    ],
    [
      'what the server did not receive',
      { diagnosis: [says('ice-no-request'), says('ice-no-candidates')] },
      ['udp-blocked', 'ice-no-request', 'ice-no-candidates'],
    ],
    [
      'a relay that reaches nothing',
      { own: [host('192.0.2.1'), host('203.0.113.1', 'relay')] },
      ['udp-blocked', 'relay-fails-too'],
    ],
    ['answers and no choice', { checksAnswered: 3 }, ['path-not-chosen']],
    ['a path without encryption', { chosen, dtls: 'failed' }, ['dtls-failed']],
    ['a path whose encryption takes too long', { chosen, dtls: 'connecting' }, ['dtls-timeout']],
    ['a server that says nothing', { diagnosis: undefined }, ['udp-blocked']],
  ])('tells %s', (_, known, codes) => {
    const findings = pathFindings({ ...facts, ...known });
    expect(findings.map(({ code }) => code)).toEqual(codes);
    for (const { status, remedy } of findings) expect([status, typeof remedy]).toEqual(['failed', 'string']);
  });

  it('names the path on which the encryption failed', () => {
    const [finding] = pathFindings({ ...facts, chosen, dtls: 'failed' });
    expect(finding?.text).toContain('UDP, host 192.0.2.1:40000 → host 192.0.2.9:40000');
  });
});
