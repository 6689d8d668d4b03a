import { parseParams } from 'sdp-transform';
import { SightlineError } from '../../protocol/errors.ts';
import type { IncomingCodec } from '../rtp/packet.ts';
import { TRANSPORT_SEQUENCE_EXTENSION } from './header-extensions.ts';
import type { MediaSection } from './offer-sdp.ts';
import { chooseLayer, type SimulcastLayer } from './simulcast.ts';

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

/** Which of the codecs that are offered will do. */
export interface CodecWish {
  /** In words, for who offers none of them. */
  readonly words: string;
  fits(codec: IncomingCodec, packetizationMode: 0 | 1): boolean;
}

/** What can be taken in. */
const READABLE: CodecWish = { words: 'H264, VP8, VP9 (8 bits or more) or AV1', fits: () => true };

/**
 * Chooses the codec of a video section: H.264 before VP8, because encoding it costs less; VP9 and AV1 where there is
 * neither.
 * @throws SightlineError `codec-unsupported`
 */
export function chooseCodec(section: MediaSection, wish: CodecWish = READABLE): VideoChoice {
  const ranked = section.rtp
    .map(({ codec, payload }) => ({ codec, payload, parameters: fmtp(section, payload) }))
    .map((offered) => ({ ...offered, rank: rank(offered.codec, offered.parameters) }))
    .filter(
      ({ rank: value, codec, parameters }) =>
        value > 0 && wish.fits(codec.toUpperCase() as IncomingCodec, packetizationMode(parameters)),
    )
    .sort((a, b) => b.rank - a.rank);
  const best = ranked[0];
  if (best === undefined) {
    const found = [...new Set(section.rtp.map(({ codec }) => codec))].join(', ') || 'none';
    throw new SightlineError(
      'codec-unsupported',
      `Cannot answer video section ${section.mid}: expected ${wish.words}, found ${found}`,
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

/** Leaves a section one codec and its retransmissions. */
export function keepOnly(section: MediaSection, payloadType: number): void {
  const rtx = section.rtp.find(
    ({ codec, payload }) =>
      codec.toLowerCase() === 'rtx' && Number(fmtp(section, payload)['apt']) === payloadType,
  );
  const kept = rtx === undefined ? [payloadType] : [payloadType, rtx.payload];
  section.payloads = kept.join(' ');
  section.rtp = section.rtp.filter(({ payload }) => kept.includes(payload));
  section.fmtp = section.fmtp.filter(({ payload }) => kept.includes(payload));
}
