import {
  type Address,
  type Connection,
  type Message,
  methods,
  type Protocol,
  parseMessage,
  type RTCDtlsTransport,
} from 'werift';
import type { Refusal } from '../../protocol/refusals.ts';
import { rtpHeaderLength } from '../rtp/rtp-header.ts';
import { DtlsGate } from './dtls-gate.ts';
import type { RefusalCounter } from './refusal-counter.ts';

/** Addresses that one client may call from; each costs a candidate pair that is checked. */
const MAX_REMOTE_ADDRESSES = 128;
/** SRTP: the authentication tag (RFC 3711, section 5.2). SRTCP: the header, the tag and the index. */
const SRTP_TAG_BYTES = 10;
const MIN_SRTCP_BYTES = 8 + SRTP_TAG_BYTES + 4;

export interface DatagramGateOptions {
  readonly transport: RTCDtlsTransport;
  /** Whether a binding request is of the present ICE session; told whether its password is right. */
  readonly takes: (request: Message, authentic: boolean) => boolean;
  readonly refusals: RefusalCounter;
}

/** Lets through to one transport what is sound. To be called before candidates are gathered; it lasts as long as that. */
export function gateDatagrams(options: DatagramGateOptions): void {
  new DatagramGate(options).install();
}

/**
 * Stands between the sockets of one transport and the library, and lets through what RFC 7983 knows and what is sound:
 * the library answers STUN requests without looking at their integrity, and reads the headers of RTP packets by lengths
 * that nobody has checked.
 */
class DatagramGate {
  readonly #connection: Connection;
  readonly #dtls: DtlsGate;
  readonly #takes: DatagramGateOptions['takes'];
  readonly #refusals: RefusalCounter;

  constructor({ transport, takes, refusals }: DatagramGateOptions) {
    this.#connection = transport.iceTransport.connection as Connection;
    this.#dtls = new DtlsGate(transport, refusals);
    this.#takes = takes;
    this.#refusals = refusals;
  }

  install(): void {
    const { onData } = this.#connection;
    const deliver = onData.execute;
    onData.execute = (datagram) => {
      const passed = this.#pass(datagram);
      if (passed) deliver(passed);
    };
    const ensure = this.#connection['ensureProtocol'].bind(this.#connection);
    this.#connection['ensureProtocol'] = (protocol: Protocol) => {
      ensure(protocol);
      this.#guardRequests(protocol);
    };
  }

  #guardRequests({ onRequestReceived }: Protocol): void {
    const deliver = onRequestReceived.execute;
    onRequestReceived.execute = (request, address, datagram) => {
      if (this.#admits(request, address, datagram)) deliver(request, address, datagram);
    };
  }

  /** RFC 8445, section 7.3: a request without the right user name and message integrity changes nothing. */
  #admits(request: Message, address: Address, datagram: Buffer): boolean {
    const password = Buffer.from(this.#connection.localPassword);
    const authentic = request.messageMethod === methods.BINDING && !!parseMessage(datagram, password);
    if (!this.#takes(request, authentic)) return this.#refuse('stun-unauthenticated');
    const { remoteCandidates } = this.#connection;
    const known = remoteCandidates.some(({ host, port }) => host === address[0] && port === address[1]);
    if (known || remoteCandidates.length < MAX_REMOTE_ADDRESSES) return true;
    return this.#refuse('addresses-exhausted');
  }

  /** What is not a STUN message comes here, and what calls itself one and is not. */
  #pass(datagram: Buffer): Buffer | undefined {
    const [first = 255, second = 0] = datagram;
    if (first < 4) this.#refuse('stun-malformed');
    else if (first >= 20 && first < 64) return this.#dtls.pass(datagram);
    else if (first < 128 || first >= 192) this.#refuse('datagram-unknown');
    // RFC 5761, section 4: which of the two a packet is.
    else if (second >= 192 && second <= 223) {
      if (datagram.length >= MIN_SRTCP_BYTES) return datagram;
      this.#refuse('rtcp-malformed');
    } else {
      if (rtpHeaderLength(datagram.subarray(0, -SRTP_TAG_BYTES)) !== undefined) return datagram;
      this.#refuse('rtp-malformed');
    }
    return undefined;
  }

  #refuse(refusal: Refusal): false {
    this.#refusals.add(refusal);
    return false;
  }
}
