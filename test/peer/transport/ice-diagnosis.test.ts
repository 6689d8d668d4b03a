import { describe, expect, it } from 'vitest';
import { diagnose, type IceFacts } from '../../../peer/transport/ice-diagnosis.ts';

const nothing: IceFacts = {
  connected: false,
  offeredAt: ['192.0.2.1:40000'],
  candidates: 1,
  mdnsNames: 0,
  mdnsResolved: 0,
  requests: 0,
  strangeRequests: 0,
  checksSent: 0,
  checksAnswered: 0,
  pathChosen: false,
  dtls: 'new',
};
const path: Partial<IceFacts> = { requests: 3, checksSent: 3, checksAnswered: 3, pathChosen: true };

describe('diagnose()', () => {
  it.each<[string, Partial<IceFacts>, string[]]>([
    ['nothing arrived', {}, ['ice-no-request']],
    [
      'nothing arrived on this machine alone',
      { offeredAt: ['127.0.0.1:1', '[::1]:2'] },
      ['ice-loopback-only'],
    ],
    ['no socket was opened', { offeredAt: [] }, ['ice-no-address']],
    ['an old answer is used', { strangeRequests: 2 }, ['ice-wrong-credentials']],
    ['no candidate came', { candidates: 0 }, ['ice-no-request', 'ice-no-candidates']],
    ['a name was not resolved', { mdnsNames: 2, mdnsResolved: 1 }, ['ice-no-request', 'mdns-unresolved']],
    ['a name was resolved', { mdnsNames: 2, mdnsResolved: 2 }, ['ice-no-request']],
    ['only requests passed', { requests: 4, checksSent: 9 }, ['ice-no-response']],
    ['no path was chosen', { requests: 4, checksSent: 9, checksAnswered: 1 }, ['ice-not-nominated']],
    ['DTLS failed', { ...path, dtls: 'failed' }, ['dtls-failed']],
    ['DTLS did not end', { ...path, dtls: 'connecting' }, ['dtls-timeout']],
    ['it stood before', { ...path, connected: true, pathChosen: false, dtls: 'connected' }, ['path-lost']],
  ])('when %s tells the causes in order', (_, facts, codes) => {
    expect(diagnose({ ...nothing, ...facts }).map(({ code }) => code)).toEqual(codes);
  });

  it('names the addresses that the client could not reach', () => {
    const [cause] = diagnose({ ...nothing, offeredAt: ['192.0.2.1:40000', '192.0.2.1:40001'] });
    expect(cause?.text).toContain('192.0.2.1:40000, 192.0.2.1:40001');
  });
});
