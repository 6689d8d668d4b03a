/** Where a STUN or TURN server is: what its URI says (RFC 7064, RFC 7065). */
export interface IceUrl {
  readonly kind: 'stun' | 'turn';
  readonly host: string;
  readonly port: number;
  readonly transport: 'udp' | 'tcp' | 'tls';
}

/** @returns undefined where the text is not such a URI */
export function parseIceUrl(text: string): IceUrl | undefined {
  const groups =
    /^(?<kind>stun|turn)(?<secure>s?):(?<host>\[[0-9a-f:.]+\]|[^\s:?[\]]+)(:(?<port>\d{1,5}))?(\?transport=(?<transport>udp|tcp))?$/i.exec(
      text,
    )?.groups;
  if (groups === undefined) return undefined;
  const secure = groups['secure'] !== '';
  const port = Number(groups['port'] ?? (secure ? 5349 : 3478));
  if (port < 1 || port > 65_535) return undefined;
  const overTcp = groups['transport']?.toLowerCase() === 'tcp';
  return {
    kind: groups['kind']?.toLowerCase() === 'turn' ? 'turn' : 'stun',
    host: String(groups['host']).replace(/^\[|\]$/g, ''),
    port,
    transport: secure ? 'tls' : overTcp ? 'tcp' : 'udp',
  };
}
