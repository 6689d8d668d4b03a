import type { Diagnosis } from '../../protocol/ice.ts';

/** What a connection knows of its path when it ends. */
export interface IceFacts {
  /** Whether the connection stood at any time. */
  readonly connected: boolean;
  /** Where the server can be reached, as it told the client: `address:port`. */
  readonly offeredAt: readonly string[];
  /** Candidates of the client that could be tried. */
  readonly candidates: number;
  /** Candidates of the client that are mDNS names (draft-ietf-mmusic-mdns-ice-candidates), and how many of them resolved. */
  readonly mdnsNames: number;
  readonly mdnsResolved: number;
  /** STUN requests that came with the right user name, and with another. */
  readonly requests: number;
  readonly strangeRequests: number;
  /** Checks that the server sent to the client, and answers to them. */
  readonly checksSent: number;
  readonly checksAnswered: number;
  /** Whether ICE had chosen a path. */
  readonly pathChosen: boolean;
  /** State of DTLS: `new`, `connecting`, `connected`, `failed` or `closed`. */
  readonly dtls: string;
}

/** Why a connection did not come up, or was lost, in words; the most telling cause first. */
export function diagnose(facts: IceFacts): Diagnosis[] {
  if (facts.connected) return [pathLost];
  if (facts.pathChosen) return [dtlsCause(facts)];
  if (facts.requests === 0) return unreached(facts);
  if (facts.checksAnswered === 0) return [noResponse(facts)];
  return [notChosen];
}

const pathLost: Diagnosis = {
  code: 'path-lost',
  text:
    'The connection stood, and then nothing came from the client any more: its network changed or went away, ' +
    'or the client was closed without saying so',
};

const notChosen: Diagnosis = {
  code: 'ice-not-nominated',
  text: 'Packets pass both ways, but the client, which has to choose a path, chose none',
};

function dtlsCause({ dtls }: IceFacts): Diagnosis {
  if (dtls === 'failed') {
    return {
      code: 'dtls-failed',
      text: 'A path was found, but the encryption could not be agreed on: the fingerprint of the SDP is of another certificate, or the versions of DTLS differ',
    };
  }
  return {
    code: 'dtls-timeout',
    text: 'A path was found, but the encryption was not agreed on in time: large packets may be dropped on the way (look at the MTU of VPNs)',
  };
}

/** Nothing of the client arrived. */
function unreached(facts: IceFacts): Diagnosis[] {
  const causes: Diagnosis[] = [];
  const at = facts.offeredAt.join(', ') || 'no address';
  if (facts.strangeRequests > 0) {
    causes.push({
      code: 'ice-wrong-credentials',
      text: `${facts.strangeRequests} requests arrived with the user name or the password of another session: the client uses an old answer`,
    });
  } else if (facts.offeredAt.length === 0) {
    causes.push({ code: 'ice-no-address', text: 'The server could not open any socket for media' });
  } else if (facts.offeredAt.every(isLoopback)) {
    causes.push({
      code: 'ice-loopback-only',
      text: `The server takes media at ${at} alone, which only clients on its own machine can reach: set SIGHTLINE_MEDIA_ADDRESSES to an address that clients reach`,
    });
  } else {
    causes.push({
      code: 'ice-no-request',
      text: `Nothing of the client arrived at ${at}: a firewall drops it, or the client cannot reach this address (SIGHTLINE_MEDIA_ADDRESSES, SIGHTLINE_MEDIA_PUBLIC_ADDRESS)`,
    });
  }
  if (facts.mdnsNames > facts.mdnsResolved) {
    causes.push({
      code: 'mdns-unresolved',
      text: `${facts.mdnsNames - facts.mdnsResolved} of the client’s addresses are mDNS names that cannot be resolved here; names reach no further than the local network, and do not matter where the client can reach the server`,
    });
  } else if (facts.candidates === 0) {
    causes.push({
      code: 'ice-no-candidates',
      text: 'The client told no address that could be tried from here',
    });
  }
  return causes;
}

function noResponse({ requests, checksSent }: IceFacts): Diagnosis {
  return {
    code: 'ice-no-response',
    text: `${requests} requests of the client arrived, but none of the ${checksSent} that went back was answered: what the server sends is dropped on the way`,
  };
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address.startsWith('[::1]');
}
