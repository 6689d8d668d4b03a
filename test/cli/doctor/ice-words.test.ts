import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addressKind, withPort } from '../../../cli/doctor/ice/address-kind.ts';
import { remedies } from '../../../cli/doctor/remedies.ts';
import { parseIceUrl } from '../../../cli/webrtc/ice-url.ts';

describe('addressKind()', () => {
  it.each([
    ['127.4.5.6', 'loopback'],
    ['::1', 'loopback'],
    ['169.254.1.1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['172.31.255.255', 'private'],
    ['172.32.0.0', 'public'],
    ['100.64.0.1', 'private'],
    ['fd00::2', 'private'],
    ['2001:db8::1', 'public'],
    ['e1b2.local', 'name'],
  ])('knows how far %s reaches: %s', (address, kind) => {
    expect(addressKind(address)).toBe(kind);
  });

  it('is shown with a port that can be told from the address', () => {
    expect(withPort('::1', 9)).toBe('[::1]:9');
    expect(withPort('192.0.2.1', 9)).toBe('192.0.2.1:9');
  });
});

describe('parseIceUrl()', () => {
  it.each([
    ['stun:stun.example', { kind: 'stun', host: 'stun.example', port: 3478, transport: 'udp' }],
    ['turn:192.0.2.1:80?transport=tcp', { kind: 'turn', host: '192.0.2.1', port: 80, transport: 'tcp' }],
    ['turns:turn.example', { kind: 'turn', host: 'turn.example', port: 5349, transport: 'tls' }],
    ['TURN:[2001:db8::1]:5000', { kind: 'turn', host: '2001:db8::1', port: 5000, transport: 'udp' }],
  ])('reads %s', (text, url) => {
    expect(parseIceUrl(text)).toEqual(url);
  });

  it.each(['http://x', 'turn:', 'turn:host:0', 'turn:host:70000', 'turn:[::1', 'stun:a b'])(
    'refuses %s',
    (text) => {
      expect(parseIceUrl(text)).toBeUndefined();
    },
  );
});

describe('docs/doctor.md', () => {
  const text = readFileSync(new URL('../../../docs/doctor.md', import.meta.url), 'utf8');
  const documented = [...text.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code);

  it('has every code of the doctor, and no other', () => {
    expect(documented.toSorted()).toEqual(Object.keys(remedies).toSorted());
  });
});
