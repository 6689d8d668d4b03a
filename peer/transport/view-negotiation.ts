import { type SessionDescription, write } from 'sdp-transform';
import { SightlineError } from '../../protocol/errors.ts';
import { addFeedback, stripLibraryFeedback } from './feedback.ts';
import type { Answering } from './negotiation.ts';
import { describeSections, type MediaSection, readOffer } from './offer-sdp.ts';
import { type CodecWish, chooseCodec, keepOnly, type VideoChoice } from './video-choice.ts';

/** What is made of a viewer's offer before the WebRTC library sees it. */
export interface ViewNegotiation extends Answering {
  readonly video: VideoChoice;
  /** The section that sound can go out in. */
  readonly sound: { readonly mid: string; readonly payloadType: number } | undefined;
}

/**
 * Reads the offer of somebody who wants to watch: one picture goes out, in the first video section that receives, and
 * sound in the first that takes Opus. Whatever it would send is not taken.
 *
 * @throws SightlineError `offer-expected`, `sdp-invalid`, `no-video`, `codec-unsupported`
 */
export function negotiateView(offerSdp: string, wish: CodecWish): ViewNegotiation {
  return readOffer(offerSdp, (offer) => answerable(offer, wish));
}

function answerable(offer: SessionDescription, wish: CodecWish): ViewNegotiation {
  const receiving = offer.media.filter((media) => media.port !== 0 && receives(media));
  const picture = receiving.find(({ type }) => type === 'video');
  if (picture === undefined) {
    throw new SightlineError(
      'no-video',
      `Cannot show anything: expected a video section that receives, found ${describeSections(offer)}`,
    );
  }
  const video = chooseCodec(picture, wish);
  for (const media of offer.media) stripLibraryFeedback(media, [video]);
  keepOnly(picture, video.payloadType);
  return {
    video,
    sound: soundOf(receiving),
    offerSdp: write(offer),
    finishAnswer: (answerSdp) => addFeedback(answerSdp, [{ ...video, layer: undefined }]),
  };
}

function receives({ direction = 'sendrecv' }: MediaSection): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}

function soundOf(receiving: readonly MediaSection[]): ViewNegotiation['sound'] {
  for (const { type, mid, rtp } of receiving) {
    const opus = rtp.find(({ codec }) => codec.toLowerCase() === 'opus');
    if (type === 'audio' && opus) return { mid: String(mid), payloadType: opus.payload };
  }
  return undefined;
}
