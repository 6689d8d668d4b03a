import { parse, type SessionDescription } from 'sdp-transform';
import { SightlineError } from '../../protocol/errors.ts';

export type MediaSection = SessionDescription['media'][number];

/** Bounds of what one offer may ask for; each candidate is an address that packets are sent to. */
const MAX_SECTIONS = 16;
const MAX_CANDIDATES = 64;

/**
 * Reads an offer with `read`, which may take it apart.
 * @throws SightlineError `offer-expected`, `sdp-invalid`, and what `read` throws
 */
export function readOffer<T>(offerSdp: string, read: (offer: SessionDescription) => T): T {
  try {
    return read(parseOffer(offerSdp));
  } catch (error) {
    if (error instanceof SightlineError) throw error;
    // The parser makes numbers of words that look like one, in fields where none is expected.
    const found = 'a word is expected where a number stands';
    throw new SightlineError('sdp-invalid', `Cannot parse the SDP: ${found}`, { cause: error });
  }
}

/** The sections of an offer in words. */
export function describeSections(offer: SessionDescription): string {
  return offer.media.map((media) => `${media.type} ${media.direction ?? 'sendrecv'}`).join(', ');
}

function parseOffer(sdp: string): SessionDescription {
  const invalid = (found: string, cause?: unknown) =>
    new SightlineError('sdp-invalid', `Cannot parse the SDP: ${found}`, { cause });
  if (!/^v=0\r?\n/.test(sdp)) throw invalid('expected it to begin with the line v=0');
  let offer: SessionDescription;
  try {
    offer = parse(sdp);
  } catch (error) {
    throw invalid('a line has not the form that RFC 8866 gives it', error);
  }
  const fault = faultOf(offer) ?? sharedSsrc(offer);
  if (fault) throw invalid(fault);
  if (offer.media.every((media) => (media.setup ?? offer.setup) === 'active')) {
    throw new SightlineError(
      'offer-expected',
      'Cannot answer: expected an offer with a=setup:actpass, found a=setup:active in every section, as answers have it',
    );
  }
  for (const media of offer.media) joinBundle(media, offer);
  for (const media of offer.media.filter(({ port }) => port !== 0)) {
    if (!(media.iceUfrag ?? offer.iceUfrag) || !(media.icePwd ?? offer.icePwd)) {
      throw invalid(`expected a=ice-ufrag and a=ice-pwd, section ${media.mid} has none`);
    }
    if (!(media.fingerprint ?? offer.fingerprint)) {
      throw invalid(`expected a=fingerprint, section ${media.mid} has none`);
    }
  }
  return offer;
}

/** What is wrong with the sections as a whole, in words. */
function faultOf({ media }: SessionDescription): string | undefined {
  if (media.length === 0) return 'expected at least one m= section, found 0';
  if (media.length > MAX_SECTIONS)
    return `expected at most ${MAX_SECTIONS} m= sections, found ${media.length}`;
  const unnamed = media.find(({ mid }) => mid === undefined);
  if (unnamed) return `expected a=mid in every section, the ${unnamed.type} section has none`;
  if (new Set(media.map(({ mid }) => String(mid))).size < media.length) {
    return 'expected another a=mid in every section, found the same twice';
  }
  const candidates = media.reduce((sum, section) => sum + (section.candidates?.length ?? 0), 0);
  if (candidates > MAX_CANDIDATES)
    return `expected at most ${MAX_CANDIDATES} candidates, found ${candidates}`;
  return undefined;
}

/** An SSRC is that of one stream in one section (RFC 3550, section 8; RFC 5576, section 4.2). */
function sharedSsrc({ media }: SessionDescription): string | undefined {
  const seen = new Set<string>();
  for (const { ssrcs = [], ssrcGroups = [], mid } of media) {
    const repeated = ssrcGroups
      .map(({ ssrcs: group }) => String(group).split(' '))
      .find((group) => new Set(group).size < group.length);
    if (repeated)
      return `expected another SSRC for every stream, found ${repeated[0]} twice in section ${mid}`;
    const own = new Set(ssrcs.map(({ id }) => String(id)));
    const shared = [...own].find((ssrc) => seen.has(ssrc));
    if (shared) return `expected another SSRC for every stream, found ${shared} in two sections`;
    for (const ssrc of own) seen.add(ssrc);
  }
  return undefined;
}

/** A section that is `bundle-only` has port 0 and the transport of its bundle (RFC 9143, section 6). */
function joinBundle(media: MediaSection, offer: SessionDescription): void {
  if (media.port !== 0 || media.bundleOnly === undefined) return;
  const tagged = offer.media.find(({ port, iceUfrag }) => port !== 0 && iceUfrag !== undefined);
  if (tagged === undefined) return;
  const { iceUfrag, icePwd, fingerprint, setup } = tagged;
  const transport = Object.entries({ iceUfrag, icePwd, fingerprint, setup }).filter(
    ([, value]) => value !== undefined,
  );
  Object.assign(media, Object.fromEntries(transport), { port: tagged.port });
}
