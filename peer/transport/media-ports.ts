import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { SightlineError } from '../../protocol/errors.ts';

/** Ports that follow each other, both ends among them. */
export type PortBlock = readonly [first: number, last: number];

/**
 * The UDP ports that calls may use. Each call takes a block of its own, because the WebRTC library looks for a free
 * port and binds it a moment later: two that look at once would meet on the same port.
 */
export class MediaPorts {
  readonly #first: number;
  readonly #last: number;
  readonly #taken = new Set<number>();
  #next: number;

  constructor([first, last]: PortBlock) {
    this.#first = first;
    this.#last = last;
    this.#next = first;
  }

  /** Those that there are, taken or not. */
  get range(): PortBlock {
    return [this.#first, this.#last];
  }

  /**
   * Takes ports that follow each other, going round, so that a port rests before it is used again: packets for the
   * call before may still be on their way.
   *
   * @throws SightlineError `sessions-exhausted`
   */
  take(count: number): PortBlock {
    // Every call takes as many, so blocks that begin at multiples leave no gaps that are too small.
    const places = Math.floor((this.#last - this.#first + 1) / count);
    const next = Math.ceil((this.#next - this.#first) / count);
    for (let tried = 0; tried < places; tried += 1) {
      const start = this.#first + ((next + tried) % places) * count;
      const block: PortBlock = [start, start + count - 1];
      if (portsOf(block).some((port) => this.#taken.has(port))) continue;
      for (const port of portsOf(block)) this.#taken.add(port);
      this.#next = start + count;
      return block;
    }
    throw new SightlineError(
      'sessions-exhausted',
      `Cannot open a session: expected ${count} free media ports, found those of ${this.#first}-${this.#last} taken`,
      { retryAfterSeconds: 5 },
    );
  }

  give(block: PortBlock): void {
    for (const port of portsOf(block)) this.#taken.delete(port);
  }
}

function portsOf([first, last]: PortBlock): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/**
 * Makes sure that media can be sent from each address; the WebRTC library would hang on one that is not of this machine.
 *
 * @throws SightlineError `config-invalid`
 */
export async function expectBindable(addresses: readonly string[]): Promise<void> {
  for (const address of addresses) {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    try {
      socket.bind(0, address);
      await once(socket, 'listening');
    } catch (error) {
      throw new SightlineError(
        'config-invalid',
        `Cannot send media from SIGHTLINE_MEDIA_ADDRESSES: expected addresses of this machine, found ${address}; ` +
          'an address that a router forwards belongs in SIGHTLINE_MEDIA_PUBLIC_ADDRESS',
        { cause: error },
      );
    } finally {
      socket.close();
    }
  }
}
