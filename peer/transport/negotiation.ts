import { type SessionDescription, write } from 'sdp-transform';
import { SightlineError } from '../../protocol/errors.ts';
import { addFeedback, stripLibraryFeedback } from './feedback.ts';
import { returnedStreams } from './media-streams.ts';
import { describeSections, type MediaSection, readOffer } from './offer-sdp.ts';
import { chooseCodec, keepOnly, type VideoChoice } from './video-choice.ts';

/** An offer that can be answered. */
export interface Answering {
  /** The offer cut down to what is answered. */
  readonly offerSdp: string;
  /** Completes the library's answer with the feedback that our own code sends and understands. */
  finishAnswer(answerSdp: string): string;
}

/** What is made of an offer before the WebRTC library sees it. */
export interface Negotiation extends Answering {
  readonly video: readonly VideoChoice[];
  /** The MediaStream that the track of each section comes back in, by mid. */
  readonly streams: ReadonlyMap<string, string>;
  /** Whether the offer has a section for data channels. */
  readonly data: boolean;
}

/** Each section that sends costs a decoder, an encoder and two timers. */
const MAX_CAMERAS = 4;

/**
 * Reads an offer, chooses one codec for each video section that sends (where it is VP9 or AV1, no picture goes back),
 * and cuts the offer down to that codec, its RTX, and no header extension but mid.
 *
 * @throws SightlineError `offer-expected`, `sdp-invalid`, `no-video`, `codec-unsupported`
 */
export function negotiate(offerSdp: string): Negotiation {
  return readOffer(offerSdp, answerable);
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
  const video = sections.map((section) => chooseCodec(section));
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

function sends(media: MediaSection): boolean {
  return media.direction === undefined || media.direction === 'sendrecv' || media.direction === 'sendonly';
}
