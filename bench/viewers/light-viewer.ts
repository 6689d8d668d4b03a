import { RTCPeerConnection, type RtcpPacket, useH264, useTransportWideCC, useTWCC } from 'werift';
import { TransportFeedbackGenerator } from '../../peer/rtp/congestion/transport-feedback-generator.ts';
import { transportFeedbackPacket } from '../../peer/rtp/congestion/transport-feedback-packet.ts';

/** As browsers do it. */
const FEEDBACK_MS = 50;
/** Of an RTP packet without contributing sources, up to its header extensions. */
const FIXED_HEADER_BYTES = 12;

/**
 * One who watches over WHEP and costs little: it reads of each packet the header, which is not encrypted, and reports
 * when it arrived, as browsers do. So there can be many on the machine whose server is measured.
 */
export class LightViewer {
  readonly #pc: RTCPeerConnection;
  readonly #generator = new TransportFeedbackGenerator();
  readonly #sequenceNumbers = { first: 0, last: 0, count: 0 };
  #timer: NodeJS.Timeout | undefined;
  #extensionId: number | undefined;
  #ssrc = 0;
  #bytes = 0;
  #frames = 0;

  static async watch(url: string, sessionId: string): Promise<LightViewer> {
    const viewer = new LightViewer();
    await viewer.#dial(`${url}/sessions/${sessionId}/whep`);
    return viewer;
  }

  private constructor() {
    this.#pc = new RTCPeerConnection({
      codecs: { video: [useH264({ rtcpFeedback: [useTWCC()] })] },
      headerExtensions: { video: [useTransportWideCC()] },
      iceServers: [],
      iceUseIpv4: false,
      iceUseIpv6: false,
      iceAdditionalHostAddresses: ['127.0.0.1'],
    });
    this.#pc.addTransceiver('video', { direction: 'recvonly' });
  }

  /** Frames that began to come in, packets that are missing among those that came, and bytes, since it began. */
  counts(): { frames: number; missing: number; bytes: number } {
    const { first, last, count } = this.#sequenceNumbers;
    const spanned = count === 0 ? 0 : ((last - first) & 0xffff) + 1;
    return { frames: this.#frames, missing: Math.max(0, spanned - (count & 0xffff)), bytes: this.#bytes };
  }

  async #dial(address: string): Promise<void> {
    await this.#pc.setLocalDescription(await this.#pc.createOffer());
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp' },
      body: this.#pc.localDescription?.sdp ?? '',
    });
    if (response.status !== 201)
      throw new Error(`WHEP answered ${response.status}: ${await response.text()}`);
    const sdp = await response.text();
    this.#extensionId = Number(/a=extmap:(\d+) \S*transport-wide-cc/.exec(sdp)?.[1]);
    const [transport] = this.#pc.dtlsTransports;
    if (transport === undefined) throw new Error('Expected a transport');
    const connected = this.#pc.connectionStateChange.watch((state) => state === 'connected');
    const { onData } = transport.iceTransport.connection;
    const deliver = onData.execute;
    // The library would spend more on these packets than the server that is measured.
    onData.execute = (datagram: Buffer) => {
      if (isMedia(datagram)) this.#read(datagram);
      else deliver(datagram);
    };
    await this.#pc.setRemoteDescription({ type: 'answer', sdp });
    await connected;
    this.#timer = setInterval(() => {
      for (const message of this.#generator.due(performance.now())) {
        const bytes = Buffer.from(transportFeedbackPacket(1, this.#ssrc, message));
        void transport.sendRtcp([{ serialize: () => bytes } as unknown as RtcpPacket]);
      }
    }, FEEDBACK_MS);
  }

  #read(datagram: Buffer): void {
    const { extensionNumber, sequenceNumber, marker, ssrc } = readHeader(datagram, this.#extensionId);
    if (extensionNumber !== undefined) this.#generator.onPacket(extensionNumber, performance.now());
    const numbers = this.#sequenceNumbers;
    if (numbers.count++ === 0) numbers.first = sequenceNumber;
    numbers.last = sequenceNumber;
    this.#ssrc = ssrc;
    this.#bytes += datagram.length;
    if (marker) this.#frames++;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#pc.close();
  }
}

/** RTP, and not RTCP (RFC 7983; RFC 5761, section 4). */
function isMedia([first = 0, second = 0]: Buffer): boolean {
  return first >= 128 && first < 192 && !(second >= 192 && second <= 223);
}

/** Reads the header of an RTP packet (RFC 3550, section 5.1) with one-byte extensions (RFC 8285, section 4.2). */
function readHeader(packet: Buffer, extensionId: number | undefined) {
  const marker = ((packet[1] ?? 0) & 0x80) !== 0;
  const fields = { marker, sequenceNumber: packet.readUInt16BE(2), ssrc: packet.readUInt32BE(8) };
  const hasExtensions = ((packet[0] ?? 0) & 0x10) !== 0;
  if (!hasExtensions) return { ...fields, extensionNumber: undefined };
  const end = FIXED_HEADER_BYTES + 4 + 4 * packet.readUInt16BE(FIXED_HEADER_BYTES + 2);
  for (let at = FIXED_HEADER_BYTES + 4; at < end; ) {
    const [id, length] = [(packet[at] ?? 0) >> 4, ((packet[at] ?? 0) & 0xf) + 1];
    if (id === extensionId) return { ...fields, extensionNumber: packet.readUInt16BE(at + 1) };
    at += id === 0 ? 1 : 1 + length;
  }
  return { ...fields, extensionNumber: undefined };
}
