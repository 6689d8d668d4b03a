import { parse, write } from 'sdp-transform';
import { MID_EXTENSION, TRANSPORT_SEQUENCE_EXTENSION } from './header-extensions.ts';
import type { MediaSection } from './offer-sdp.ts';
import { answerLayer } from './simulcast.ts';
import type { VideoChoice } from './video-choice.ts';

/** RFC 4585 and RFC 5104 feedback of our own making, and goog-remb (draft-alvestrand-rmcat-remb). */
const FEEDBACK: readonly { type: string; subtype?: string }[] = [
  { type: 'nack' },
  { type: 'nack', subtype: 'pli' },
  { type: 'ccm', subtype: 'fir' },
  { type: 'goog-remb' },
];

/**
 * Leaves the library nothing to answer but the mid extension, and one stream a section: its transport-wide feedback and
 * its NACKs are wrong under loss, so neither is offered to it.
 */
export function stripLibraryFeedback(media: MediaSection, video: readonly VideoChoice[]): void {
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

/** Completes the library's answer with the feedback that our own code sends and understands. */
export function addFeedback(answerSdp: string, video: readonly VideoChoice[]): string {
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
