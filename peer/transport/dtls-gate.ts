import type { RTCDtlsTransport } from 'werift';
import type { RefusalCounter } from './refusal-counter.ts';

const HEADER_BYTES = 13;
const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const APPLICATION_DATA = 23;
const FATAL = 2;
const CLOSE_NOTIFY = 0;
/** Some ten flights, each sent again and again: what comes beyond that before DTLS is up is no handshake. */
const MAX_HANDSHAKE_DATAGRAMS = 1000;

/**
 * Keeps DTLS records (RFC 6347, section 4.1) from the library that would undo a connection without proof of who sent
 * them: it takes any alert in the clear, and any record of an unknown type, for the end, and starts anew on a hello.
 */
export class DtlsGate {
  readonly #transport: RTCDtlsTransport;
  readonly #refusals: RefusalCounter;
  #handshakeDatagrams = 0;

  constructor(transport: RTCDtlsTransport, refusals: RefusalCounter) {
    this.#transport = transport;
    this.#refusals = refusals;
  }

  /** @returns the records that the library may see; undefined where there is none */
  pass(datagram: Buffer): Buffer | undefined {
    const records = split(datagram);
    if (records === undefined) {
      this.#refusals.add('dtls-malformed');
      return undefined;
    }
    const kept = records.filter((record) => this.#takes(record));
    if (kept.length === records.length) return datagram;
    return kept.length === 0 ? undefined : Buffer.concat(kept);
  }

  #takes(record: Buffer): boolean {
    if (this.#transport.state !== 'connected') {
      this.#handshakeDatagrams += 1;
      return this.#handshakeDatagrams <= MAX_HANDSHAKE_DATAGRAMS || this.#refuse();
    }
    // Nothing in the clear means anything after the handshake (RFC 6347, section 4.1).
    if (record.readUInt16BE(3) === 0) return this.#refuse();
    if (record[0] === ALERT) return this.#takeAlert(record);
    return true;
  }

  /** The library reads an encrypted alert as if it were not, so it is read here. @returns false: it goes no further */
  #takeAlert(record: Buffer): false {
    const { dtls } = this.#transport;
    try {
      const alert = dtls?.cipher.decryptPacket(asPlaintext(record));
      if (alert?.[0] === FATAL || alert?.[1] === CLOSE_NOTIFY) dtls?.onClose.execute();
      return false;
    } catch {
      return this.#refuse();
    }
  }

  #refuse(): false {
    this.#refusals.add('dtls-unexpected');
    return false;
  }
}

function split(datagram: Buffer): Buffer[] | undefined {
  const records: Buffer[] = [];
  for (let offset = 0; offset < datagram.length; ) {
    if (offset + HEADER_BYTES > datagram.length) return undefined;
    const end = offset + HEADER_BYTES + datagram.readUInt16BE(offset + 11);
    const type = datagram[offset] ?? 0;
    if (end > datagram.length || type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA) return undefined;
    records.push(datagram.subarray(offset, end));
    offset = end;
  }
  return records;
}

type Plaintext = Parameters<NonNullable<RTCDtlsTransport['dtls']>['cipher']['decryptPacket']>[0];

/** A record as the library's ciphers take it; its own class for it is not exported. */
function asPlaintext(record: Buffer): Plaintext {
  const recordLayerHeader = {
    contentType: record.readUInt8(0),
    protocolVersion: { major: record.readUInt8(1), minor: record.readUInt8(2) },
    epoch: record.readUInt16BE(3),
    sequenceNumber: record.readUIntBE(5, 6),
    contentLen: record.readUInt16BE(11),
  };
  return { recordLayerHeader, fragment: record.subarray(HEADER_BYTES) } as unknown as Plaintext;
}
