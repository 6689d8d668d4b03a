import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SightlineError } from '../../protocol/errors.ts';
import { formatFragment, type IceSection, parseFragment } from '../../protocol/ice.ts';

const HOST = '1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1';
/** As RFC 9725, section 4.3.2, shows it. */
const TRICKLED = [
  'a=group:BUNDLE 0 1',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'a=ice-ufrag:EsAw',
  'a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1',
  `a=candidate:${HOST}`,
  'a=end-of-candidates',
  '',
].join('\r\n');

function fault(text: string): SightlineError {
  try {
    parseFragment(text);
  } catch (error) {
    if (error instanceof SightlineError) return error;
  }
  throw new Error('Expected parseFragment() to refuse the text');
}

describe('parseFragment()', () => {
  it('reads the user name, the password and the candidates of a section', () => {
    expect(parseFragment(TRICKLED)).toEqual([
      { mid: '0', ufrag: 'EsAw', password: 'P2uYro0UCOQ4zxjKXaWCBui1', candidates: [HOST], complete: true },
    ]);
  });

  it('lets the user name and the password of all sections stand before them, and lines end without CR', () => {
    const text =
      'a=ice-ufrag:EsAw\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\nm=video 9 X 1\na=mid:v\nm=video 9 X 1\na=mid:w\n';
    const section = { ufrag: 'EsAw', password: 'P2uYro0UCOQ4zxjKXaWCBui1', candidates: [], complete: false };
    expect(parseFragment(text)).toEqual([
      { mid: 'v', ...section },
      { mid: 'w', ...section },
    ]);
  });

  it.each([
    ['', 'at least one m= line'],
    ['{"candidate":""}', 'at least one m= line'],
    [TRICKLED.replace('a=mid:0', ''), 'a=mid'],
    [TRICKLED.replace('EsAw', 'Es'), 'a=ice-ufrag'],
    [TRICKLED.replace('P2uYro0UCOQ4zxjKXaWCBui1', 'short'), 'a=ice-pwd'],
    [TRICKLED.replace('61764 typ', 'port typ'), 'a=candidate'],
    [TRICKLED.replace(' typ host', ''), 'a=candidate'],
    ['m=video 9 X 1\r\na=mid:0\r\n'.repeat(17), 'at most 16'],
  ])('answers fragment-invalid to %j, naming %s', (text, named) => {
    const { code, message } = fault(text);
    expect(code).toBe('fragment-invalid');
    expect(message).toContain(named);
  });

  it('reads back what formatFragment() writes', () => {
    const iceChars = fc.stringMatching(/^[A-Za-z0-9+/]{22,40}$/);
    const section: fc.Arbitrary<IceSection> = fc.record({
      mid: fc.stringMatching(/^[A-Za-z0-9]{1,8}$/),
      ufrag: iceChars,
      password: iceChars,
      candidates: fc.array(fc.constant(HOST), { maxLength: 3 }),
      complete: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(section, { minLength: 1, maxLength: 16 }), (sections) => {
        expect(parseFragment(formatFragment(sections))).toEqual(sections);
      }),
    );
  });

  it('reads any text or refuses it, and throws nothing else', () => {
    const noise = fc.array(
      fc.oneof(
        fc.string(),
        fc.constantFrom('m=', 'a=mid:0', 'a=ice-ufrag:EsAw', 'a=candidate:', '\r\n', `a=candidate:${HOST}`),
      ),
    );
    fc.assert(
      fc.property(noise, (lines) => {
        try {
          parseFragment(lines.join('\r\n'));
        } catch (error) {
          expect(error).toMatchObject({ code: 'fragment-invalid' });
        }
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});
