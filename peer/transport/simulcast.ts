import { parseSimulcastStreamList, type SessionDescription } from 'sdp-transform';

type MediaSection = SessionDescription['media'][number];

/** The one layer of a simulcast that is taken. */
export interface SimulcastLayer {
  readonly rid: string;
  /** Header extension that names a packet's layer. */
  readonly extensionId: number;
}

/** Header extension that names the RTP stream of a packet (RFC 8852). */
const STREAM_ID_EXTENSION = 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id';
/** What applications call their largest layer. */
const LARGEST = ['f', 'hi', 'high', 'h'];

/**
 * Chooses the largest layer of a section that offers simulcast (RFC 8853): by the bounds that `a=rid` gives, then by
 * its name, then the last, which is where browsers have the largest. undefined where it offers none.
 */
export function chooseLayer(media: MediaSection): SimulcastLayer | undefined {
  const { simulcast } = media;
  const list = simulcast?.dir1 === 'send' ? simulcast.list1 : simulcast?.list2;
  const extensionId = media.ext?.find(({ uri }) => uri === STREAM_ID_EXTENSION)?.value;
  if (list === undefined || extensionId === undefined) return undefined;
  // Of alternatives the first is the one that the sender prefers.
  const streams = parseSimulcastStreamList(list).flatMap(([preferred]) => preferred ?? []);
  const running = streams.filter(({ paused }) => !paused);
  const layers = (running.length > 0 ? running : streams).map(({ scid }) => ({
    rid: String(scid),
    pixels: pixelsOf(media, String(scid)),
  }));
  const most = Math.max(...layers.map(({ pixels }) => pixels));
  const named = LARGEST.flatMap((name) => layers.find(({ rid }) => rid === name) ?? [])[0];
  const largest = most > 0 ? layers.find(({ pixels }) => pixels === most) : (named ?? layers.at(-1));
  return largest && { rid: largest.rid, extensionId };
}

/** Says in the answer which layer is taken; without it the browser keeps its first, often the smallest. */
export function answerLayer(media: MediaSection, { rid, extensionId }: SimulcastLayer): void {
  media.ext = [...(media.ext ?? []), { value: extensionId, uri: STREAM_ID_EXTENSION }];
  media.rids = [{ id: rid, direction: 'recv' }];
  media.simulcast = { dir1: 'recv', list1: rid };
}

/** What `a=rid` bounds the layer to; 0 where it says nothing (RFC 8851, section 5). */
function pixelsOf({ rids }: MediaSection, rid: string): number {
  const parameters = rids?.find(({ id }) => String(id) === rid)?.params ?? '';
  const [width, height] = ['max-width', 'max-height'].map((name) => {
    const value = new RegExp(`(?:^|;)${name}=(\\d+)`).exec(parameters)?.[1];
    return value === undefined ? 0 : Number(value);
  });
  return (width ?? 0) * (height ?? 0);
}
