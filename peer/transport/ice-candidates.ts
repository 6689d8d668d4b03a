import { isIP } from 'node:net';
import { parse, write } from 'sdp-transform';

/** A candidate line in its parts: foundation, component, transport, priority, address, port, type. */
const line =
  /^(?<head>\S+ 1 (?<transport>udp|tcp) \d+) (?<address>\S+) (?<port>\d+) typ (?<type>\S+)(?<rest>.*)$/i;

/** The candidates of one media section of an offer. */
export interface OfferedCandidates {
  readonly mid: string;
  readonly candidates: readonly string[];
}

/**
 * Takes the candidates out of an offer, so that those of the offer and those that follow go the same way. The end of
 * candidates goes as well: the WebRTC library gives up at once when it hears of it and knows no address that it can
 * try, though the client may reach the server all the same (RFC 8445, section 7.3.1.3).
 */
export function takeCandidates(offerSdp: string): { sdp: string; offered: OfferedCandidates[] } {
  const offer = parse(offerSdp);
  const lines = offerSdp.split(/^(?=m=)/m).slice(1);
  const offered = offer.media.map((media, index) => {
    delete media.candidates;
    delete media.endOfCandidates;
    const candidates = [...(lines[index] ?? '').matchAll(/^a=candidate:(.*?)\r?$/gm)].map(
      ([, value = '']) => value,
    );
    return { mid: String(media.mid), candidates };
  });
  return { sdp: write(offer), offered };
}

/** What can be done with the candidate of a client. */
export type CandidateUse = 'try' | 'resolve' | 'ignore';

/**
 * Sorts out candidates: addresses are tried and mDNS names resolved first. Other names are ignored (RFC 8839, section
 * 5.1), and so is TCP: this side waits for TCP connections and makes none to addresses that a caller names.
 */
export function candidateUse(candidate: string): CandidateUse {
  const { transport, address = '', port } = line.exec(candidate)?.groups ?? {};
  if (transport?.toLowerCase() !== 'udp' || Number(port) < 1 || Number(port) > 65_535) return 'ignore';
  if (isIP(address)) return 'try';
  return /^[A-Za-z0-9-]{1,63}\.local$/.test(address) ? 'resolve' : 'ignore';
}

/**
 * A candidate without its extensions: the library takes `generation` for its own count of restarts, and a client may
 * have counted otherwise.
 */
export function withoutExtensions(candidate: string): string {
  return candidate.replace(/( typ \S+).*$/, '$1');
}

/** How candidates of this side are shown to clients. */
export interface Advertising {
  /** Addresses of this machine that sockets are bound to. */
  readonly addresses: readonly string[];
  /** Stands for them where a router or container host forwards its ports to them. */
  readonly publicAddress: string | undefined;
}

/**
 * A candidate as clients are to see it, or undefined where it is of no use to them: a TCP candidate that only connects.
 */
export function advertised(candidate: string, { addresses, publicAddress }: Advertising): string | undefined {
  const { head, address = '', port, type, rest = '' } = line.exec(candidate)?.groups ?? {};
  if (/ tcptype active/.test(rest)) return undefined;
  const forwarded =
    publicAddress !== undefined &&
    type === 'host' &&
    addresses.includes(address) &&
    isIP(address) === isIP(publicAddress);
  const extensions = rest.replace(/ (generation|ufrag) \S+/g, '');
  return `${head} ${forwarded ? publicAddress : address} ${port} typ ${type}${extensions}`;
}

/** Rewrites the candidates of an answer to how clients are to see them; gathering is over when it is sent. */
export function advertise(answerSdp: string, advertising: Advertising): string {
  return answerSdp.replace(/^a=candidate:(.*?)(\r?\n)/gm, (_, candidate: string, end: string) => {
    const shown = advertised(candidate, advertising);
    return shown === undefined ? '' : `a=candidate:${shown}${end}`;
  });
}
