import { createHash } from 'node:crypto';
import { classes, Message, methods } from 'werift';
import { mappedAddress, type StunAddress, type StunClient, StunRefusal } from './stun-client.ts';

/** REQUESTED-TRANSPORT: UDP, with three reserved bytes (RFC 8656, section 18.7). */
const TRANSPORT_UDP = 17 << 24;
const UNAUTHORIZED = 401;
const STALE_NONCE = 438;
/** A nonce may end between two requests, but not again and again. */
const MAX_TRIES = 3;

export interface TurnCredentials {
  readonly username: string;
  readonly credential: string;
}

/** What the server told in its challenge (RFC 8489, section 9.2.2). */
interface Challenge {
  readonly realm: string;
  readonly nonce: Buffer;
}

/** What a TURN server gave us for a moment. */
export interface Allocation {
  /** The address that others would send to. */
  readonly relayed: StunAddress;
  /** From where the server sees us. */
  readonly mapped: StunAddress;
}

/**
 * Asks for a relayed address and gives it back at once (RFC 8656, sections 7 and 8).
 * @throws StunRefusal; the system's error; the signal's reason
 */
export async function tryAllocation(
  client: StunClient,
  credentials: TurnCredentials,
  signal: AbortSignal,
): Promise<Allocation> {
  const session = new TurnSession(client, credentials);
  const response = await session.request(
    () => new Message(methods.ALLOCATE, classes.REQUEST).setAttribute('REQUESTED-TRANSPORT', TRANSPORT_UDP),
    signal,
  );
  const relayed: unknown = response.getAttributeValue('XOR-RELAYED-ADDRESS');
  if (!Array.isArray(relayed)) throw new Error('The server did not say which address it relays');
  await session.request(
    () => new Message(methods.REFRESH, classes.REQUEST).setAttribute('LIFETIME', 0),
    signal,
  );
  return { relayed: [String(relayed[0]), Number(relayed[1])], mapped: mappedAddress(response) };
}

/** Requests under long-term credentials: the first is refused with what the later ones are signed with. */
class TurnSession {
  readonly #client: StunClient;
  readonly #credentials: TurnCredentials;
  #challenge: Challenge | undefined;

  constructor(client: StunClient, credentials: TurnCredentials) {
    this.#client = client;
    this.#credentials = credentials;
  }

  /** @param make makes the request anew for each try: no two may have the same transaction id */
  async request(make: () => Message, signal: AbortSignal): Promise<Message> {
    for (let tried = 1; ; tried += 1) {
      const challenged = this.#challenge !== undefined;
      try {
        return await this.#client.request(this.#signed(make()), signal);
      } catch (error) {
        if (!(error instanceof StunRefusal) || tried === MAX_TRIES) throw error;
        const first = error.code === UNAUTHORIZED && !challenged;
        if (!first && error.code !== STALE_NONCE) throw error;
        this.#challenge = challengeOf(error, this.#challenge);
      }
    }
  }

  #signed(message: Message): Message {
    if (this.#challenge === undefined) return message;
    const { username, credential } = this.#credentials;
    const { realm, nonce } = this.#challenge;
    // Long-term credentials sign with MD5 of all three (RFC 8489, section 9.2.2).
    const key = createHash('md5').update(`${username}:${realm}:${credential}`).digest();
    return message
      .setAttribute('USERNAME', username)
      .setAttribute('REALM', realm)
      .setAttribute('NONCE', nonce)
      .addMessageIntegrity(key);
  }
}

function challengeOf({ response }: StunRefusal, before: Challenge | undefined): Challenge {
  const realm: unknown = response.getAttributeValue('REALM') ?? before?.realm;
  const nonce: unknown = response.getAttributeValue('NONCE');
  if (typeof realm !== 'string' || !Buffer.isBuffer(nonce))
    throw new Error('The server asks for credentials without a realm and a nonce');
  return { realm, nonce };
}
