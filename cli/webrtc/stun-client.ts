import { classes, Message, methods, parseMessage } from 'werift';
import type { IceUrl } from './ice-url.ts';
import { openStunLink, type StunLink } from './stun-link.ts';

/** First wait for an answer over UDP; each later one is twice as long (RFC 8489, section 6.2.1). */
const FIRST_WAIT_MS = 500;

/** The server answered with an error: its code and its words (RFC 8489, section 14.8; RFC 8656, section 19). */
export class StunRefusal extends Error {
  override readonly name = 'StunRefusal';
  readonly code: number;
  readonly response: Message;

  constructor(response: Message) {
    const [code, words] = (response.getAttributeValue('ERROR-CODE') ?? [0, '']) as [number, string];
    super(`${code} ${words}`.trim());
    this.code = code;
    this.response = response;
  }
}

/** Asks one STUN or TURN server, one question after the other. */
export class StunClient implements Disposable {
  readonly #link: StunLink;
  #waiting: { id: string; resolve(response: Message): void; reject(error: unknown): void } | undefined;

  /** @throws the system's error where it cannot be reached; the signal's reason */
  static async open(url: IceUrl, signal: AbortSignal): Promise<StunClient> {
    return new StunClient(await openStunLink(url, signal));
  }

  private constructor(link: StunLink) {
    this.#link = link;
    link.listen(
      (data) => this.#take(data),
      (error) => this.#waiting?.reject(error),
    );
  }

  /**
   * Sends a request, over UDP again and again until the answer comes.
   * @throws StunRefusal; the system's error; the signal's reason
   */
  async request(message: Message, signal: AbortSignal): Promise<Message> {
    const answer = Promise.withResolvers<Message>();
    const abort = () => answer.reject(signal.reason);
    this.#waiting = { id: message.transactionIdHex, ...answer };
    let timer: NodeJS.Timeout | undefined;
    const send = (waitMs: number) => {
      this.#link.send(message.bytes);
      if (!this.#link.reliable) timer = setTimeout(send, waitMs, waitMs * 2);
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      signal.throwIfAborted();
      send(FIRST_WAIT_MS);
      return await answer.promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      this.#waiting = undefined;
    }
  }

  #take(data: Buffer): void {
    const response = parseMessage(data);
    if (response?.transactionIdHex !== this.#waiting?.id || response === undefined) return;
    if (response.messageClass === classes.RESPONSE) this.#waiting?.resolve(response);
    else if (response.messageClass === classes.ERROR) this.#waiting?.reject(new StunRefusal(response));
  }

  [Symbol.dispose](): void {
    this.#link.close();
  }
}

/** An address and a port as STUN tells them. */
export type StunAddress = readonly [address: string, port: number];

/** Asks a server from where it sees us (RFC 8489, section 3). */
export async function seenFrom(client: StunClient, signal: AbortSignal): Promise<StunAddress> {
  const response = await client.request(new Message(methods.BINDING, classes.REQUEST), signal);
  return mappedAddress(response);
}

/** XOR-MAPPED-ADDRESS, or MAPPED-ADDRESS of old servers. */
export function mappedAddress(response: Message): StunAddress {
  const mapped: unknown =
    response.getAttributeValue('XOR-MAPPED-ADDRESS') ?? response.getAttributeValue('MAPPED-ADDRESS');
  if (!Array.isArray(mapped)) throw new Error('The server did not say from where it sees us');
  return [String(mapped[0]), Number(mapped[1])];
}
