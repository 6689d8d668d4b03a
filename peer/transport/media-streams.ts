import type { SessionDescription } from 'sdp-transform';

type MediaSection = SessionDescription['media'][number];

/**
 * Names the MediaStream that each media section's returned track belongs to, by mid: sections that the offer has in one
 * stream (RFC 8830) come back in one, and sound without a picture of its own goes with the first picture. Browsers
 * align the tracks of one stream, and no others. The names are ours, so that a page cannot take a returned stream for
 * the one that it sent.
 */
export function returnedStreams(media: readonly MediaSection[]): ReadonlyMap<string, string> {
  const videos = media.filter(({ type }) => type === 'video').map(offeredStream);
  const offered = [...new Set(videos)];
  return new Map(
    media
      .filter(({ type }) => type === 'video' || type === 'audio')
      .map((section) => [
        String(section.mid),
        `sightline-${Math.max(0, offered.indexOf(offeredStream(section)))}`,
      ]),
  );
}

/** The parser leaves a stream's name aside where it holds more than letters and digits, such as Firefox's braces. */
function offeredStream({ msid, invalid }: MediaSection): string {
  const unread = invalid?.map(({ value }) => /^msid:(\S+)/.exec(value)?.[1]).find((id) => id !== undefined);
  return msid?.[0]?.id ?? unread ?? '-';
}
