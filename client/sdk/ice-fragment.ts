/** Media type of what is sent and answered here (RFC 8840). */
export const SDP_FRAGMENT_TYPE = 'application/trickle-ice-sdpfrag';

/** A candidate as `icecandidate` tells it, as far as it is sent on. */
export type FoundCandidate = Pick<RTCIceCandidate, 'candidate' | 'sdpMid' | 'usernameFragment'>;

/**
 * Writes candidates as an SDP fragment, each under its media section; a section without any stands there all the same,
 * so that the server learns its user name.
 *
 * @param localSdp the description that the candidates belong to
 */
export function writeFragment(localSdp: string, candidates: readonly FoundCandidate[]): string {
  return sections(localSdp)
    .flatMap((lines) => {
      const mid = value(lines, 'mid');
      const own = candidates.filter(({ sdpMid }) => sdpMid === mid);
      return [
        lines[0] ?? '',
        `a=mid:${mid}`,
        `a=ice-ufrag:${value(lines, 'ice-ufrag')}`,
        `a=ice-pwd:${value(lines, 'ice-pwd')}`,
        ...own.map(({ candidate }) => `a=${candidate}`),
      ];
    })
    .map((line) => `${line}\r\n`)
    .join('');
}

/** The server's answer with what it said of a restart in place of what it said before. */
export function restartedAnswer(answerSdp: string, fragment: string): string {
  const fresh = new Map(sections(fragment).map((lines) => [value(lines, 'mid'), lines]));
  const [first] = fresh.values();
  let now: readonly string[] | undefined;
  return answerSdp
    .split('\r\n')
    .flatMap((line, index, all) => {
      if (line.startsWith('m=')) {
        const mid = value(all.slice(index), 'mid');
        now = fresh.get(mid) ?? first;
      }
      if (now === undefined) return line;
      if (line.startsWith('a=candidate:')) return [];
      if (line.startsWith('a=ice-pwd:')) {
        return [`a=ice-pwd:${value(now, 'ice-pwd')}`, ...now.filter((own) => own.startsWith('a=candidate:'))];
      }
      return line.startsWith('a=ice-ufrag:') ? `a=ice-ufrag:${value(now, 'ice-ufrag')}` : line;
    })
    .join('\r\n');
}

function sections(sdp: string): string[][] {
  return sdp
    .split(/^(?=m=)/m)
    .filter((section) => section.startsWith('m='))
    .map((section) => section.split(/\r?\n/));
}

function value(lines: readonly string[], name: string): string {
  const start = `a=${name}:`;
  return lines.find((line) => line.startsWith(start))?.slice(start.length) ?? '';
}
