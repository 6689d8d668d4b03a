import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  formatSessionId,
  peerOfSessionId,
  SESSION_ID_RANDOM_BYTES,
} from '../../../signaling/peers/session-id.ts';

it('peerOfSessionId() finds the peer that formatSessionId() was given', () => {
  const peerId = fc.stringMatching(/^[a-z0-9]{1,32}$/);
  const random = fc.uint8Array({ minLength: SESSION_ID_RANDOM_BYTES, maxLength: SESSION_ID_RANDOM_BYTES });
  fc.assert(
    fc.property(peerId, random, (peer, bytes) => {
      const id = formatSessionId(peer, bytes);
      expect(peerOfSessionId(id)).toBe(peer);
      expect(encodeURIComponent(id)).toBe(id);
    }),
  );
});

it.each([
  '',
  'p1',
  'p1-',
  '-AAAAAAAAAAAAAAAAAAAAAA',
  'P1-AAAAAAAAAAAAAAAAAAAAAA',
  'p1-AAAA',
  '../etc/passwd',
])('peerOfSessionId() finds no peer in %j', (id) => {
  expect(peerOfSessionId(id)).toBeUndefined();
});
