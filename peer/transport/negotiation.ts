import { parse, parseParams, type SessionDescription, write } from 'sdp-transform';
import { SightlineError } from '../../protocol/errors.ts';
import type { IncomingCodec } from '../rtp/packet.ts';
import { returnedStreams } from './media-streams.ts';
import { answerLayer, chooseLayer, type SimulcastLayer } from './simulcast.ts';

type MediaSection = SessionDescription['media'][number];

/** The codec chosen for one video section of an offer. */
export interface VideoChoice {
  readonly mid: string;
  readonly codec: IncomingCodec;
  readonly payloadType: number;
  /** Of H.264 (RFC 6184, section 6): 0 for single NAL unit packets alone. */
  readonly packetizationMode: 0 | 1;
  /** Whether both sides number the packets of the transport and report when they arrive. */
  readonly transportFeedback: boolean;
  /** Of a simulcast, the layer that is taken. */
  readonly layer: SimulcastLayer | undefined;
}

/** What is made of an offer before the WebRTC library sees it. */
export interface Negotiation {
  readonly video: readonly VideoChoice[];
  /** The MediaStream that the track of each section comes back in, by mid. */
  readonly streams: ReadonlyMap<string, string>;
  /** Whether the offer has a section for data channels. */
  readonly data: boolean;
  /** The offer cut down to what is answered. */
  readonly offerSdp: string;
  /** Completes the library's answer with the feedback that our own code sends and understands. */
  finishAnswer(answerSdp: string): string;
}

/** Header extension that names a packet's media section (RFC 9143, section 15). */
export const MID_EXTENSION = 'urn:ietf:params:rtp-hdrext:sdes:mid';

/** Numbers the packets of a transport (draft-holmer-rmcat-transport-wide-cc-extensions-01). */
export const TRANSPORT_SEQUENCE_EXTENSION =
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';

/**
 * Bounds of what one offer may ask for: each section that sends costs a decoder, an encoder and two timers, and each
 * candidate is an address that packets are sent to.
 */
const MAX_SECTIONS = 16;
const MAX_CAMERAS = 4;
const MAX_CANDIDATES = 64;

/** RFC 4585 and RFC 5104 feedback of our own making, and goog-remb (draft-alvestrand-rmcat-remb). */
const FEEDBACK: readonly { type: string; subtype?: string }[] = [
  { type: 'nack' },
  { type: 'nack', subtype: 'pli' },
  { type: 'ccm', subtype: 'fir' },
  { type: 'goog-remb' },
];

/**
 * Reads an offer, chooses one codec for each video section that sends (H.264 before VP8, because encoding it costs
 * less; VP9 and AV1 where there is neither, and then no picture goes back), and cuts the offer down to that codec, its RTX, and no header extension
 * but mid: transport-wide feedback and NACKs of the WebRTC library are wrong under loss, so neither is offered to it.
 *
 * @throws SightlineError `offer-expected`, `sdp-invalid`, `no-video`, `codec-unsupported`
 */
export function negotiate(offerSdp: string): Negotiation {
  try {
    return answerable(parseOffer(offerSdp));
  } catch (error) {
    if (error instanceof SightlineError) throw error;
    // The parser makes numbers of words that look like one, in fields where none is expected.
    throw new SightlineError(
      'sdp-invalid',
      'Cannot parse the SDP: a word is expected where a number stands',
      {
        cause: error,
      },
    );
  }
}

function answerable(offer: SessionDescription): Negotiation {
  const sections = offer.media.filter((media) => media.type === 'video' && media.port !== 0 && sends(media));
  if (sections.length === 0) {
    throw new SightlineError(
      'no-video',
      `Cannot answer the offer: expected at least one video section that sends, found ${describeSections(offer)}`,
    );
  }
  if (sections.length > MAX_CAMERAS) {
    throw new SightlineError(
      'sdp-invalid',
      `Cannot answer the offer: expected at most ${MAX_CAMERAS} video sections that send, found ${sections.length}`,
    );
  }
  const video = sections.map(chooseCodec);
  for (const media of offer.media) stripLibraryFeedback(media, video);
  for (const [index, section] of sections.entries()) {
    const choice = video[index];
    if (choice) keepOnly(section, choice.payloadType);
  }
  return {
    video,
    streams: returnedStreams(offer.media),
    data: offer.media.some((media) => media.type === 'application' && media.port !== 0),
    offerSdp: write(offer),
    finishAnswer: (answerSdp) => addFeedback(answerSdp, video),
  };
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

function sends(media: MediaSection): boolean {
  return media.direction === undefined || media.direction === 'sendrecv' || media.direction === 'sendonly';
}

function describeSections(offer: SessionDescription): string {
  return offer.media.map((media) => `${media.type} ${media.direction ?? 'sendrecv'}`).join(', ');
}

function chooseCodec(section: MediaSection): VideoChoice {
  const ranked = section.rtp
    .map(({ codec, payload }) => ({ codec, payload, parameters: fmtp(section, payload) }))
    .map((offered) => ({ ...offered, rank: rank(offered.codec, offered.parameters) }))
    .filter(({ rank: value }) => value > 0)
    .sort((a, b) => b.rank - a.rank);
  const best = ranked[0];
  if (best === undefined) {
    const found = [...new Set(section.rtp.map(({ codec }) => codec))].join(', ') || 'none';
    throw new SightlineError(
      'codec-unsupported',
      `Cannot answer video section ${section.mid}: expected H264, VP8, VP9 (8 bits or more) or AV1, found ${found}`,
    );
  }
  const transportFeedback =
    section.ext?.some(({ uri }) => uri === TRANSPORT_SEQUENCE_EXTENSION) === true &&
    section.rtcpFb?.some(
      ({ type, payload }) => type === 'transport-cc' && Number(payload) === best.payload,
    ) === true;
  return {
    mid: String(section.mid),
    codec: best.codec.toUpperCase() as IncomingCodec,
    payloadType: best.payload,
    packetizationMode: packetizationMode(best.parameters),
    transportFeedback,
    layer: chooseLayer(section),
  };
}

/**
 * 0 is a codec that we cannot do. Among H.264 the profile that our encoder writes comes first, and fragments before
 * none; VP9 and AV1 come last, since they are only taken in.
 */
function rank(codec: string, parameters: Parameters): number {
  switch (codec.toUpperCase()) {
    case 'H264': {
      if (packetizationMode(parameters) === 0) return 3;
      const profile = String(parameters['profile-level-id'] ?? '42e01f').toLowerCase();
      if (profile.startsWith('42e0')) return 7;
      return profile.startsWith('42') ? 6 : 5;
    }
    case 'VP8':
      return 4;
    case 'VP9':
      return 2;
    case 'AV1':
      return 1;
    default:
      return 0;
  }
}

function packetizationMode(parameters: Parameters): 0 | 1 {
  return Number(parameters['packetization-mode'] ?? 0) === 1 ? 1 : 0;
}

type Parameters = Record<string, string | number | undefined>;

function fmtp(section: MediaSection, payload: number): Parameters {
  const config = section.fmtp.find((line) => line.payload === payload)?.config;
  return config === undefined ? {} : parseParams(config);
}

function keepOnly(section: MediaSection, payloadType: number): void {
  const rtx = section.rtp.find(
    ({ codec, payload }) =>
      codec.toLowerCase() === 'rtx' && Number(fmtp(section, payload)['apt']) === payloadType,
  );
  const kept = rtx === undefined ? [payloadType] : [payloadType, rtx.payload];
  section.payloads = kept.join(' ');
  section.rtp = section.rtp.filter(({ payload }) => kept.includes(payload));
  section.fmtp = section.fmtp.filter(({ payload }) => kept.includes(payload));
}

/** Leaves the library nothing to answer but the mid extension, and one stream a section. */
function stripLibraryFeedback(media: MediaSection, video: readonly VideoChoice[]): void {
  if (media.type !== 'audio' && media.type !== 'video') return;
  media.direction ??= 'sendrecv';
  media.rtcpFb = [];
  const numbered = video.some(({ mid, transportFeedback }) => transportFeedback && mid === String(media.mid));
  const kept = numbered ? [MID_EXTENSION, TRANSPORT_SEQUENCE_EXTENSION] : [MID_EXTENSION];
  media.ext = media.ext?.filter(({ uri }) => kept.includes(uri)) ?? [];
  delete media.rids;
  delete media.simulcast;
  delete media.simulcast_03;
}

function addFeedback(answerSdp: string, video: readonly VideoChoice[]): string {
  const answer = parse(answerSdp);
  for (const section of answer.media) {
    const choice = video.find(({ mid }) => mid === String(section.mid));
    if (choice === undefined) continue;
    const feedback = choice.transportFeedback ? [...FEEDBACK, { type: 'transport-cc' }] : FEEDBACK;
    section.rtcpFb = feedback.map((kind) => ({ payload: choice.payloadType, ...kind }));
    if (choice.layer) answerLayer(section, choice.layer);
  }
  return write(answer);
}
