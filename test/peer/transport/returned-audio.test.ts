import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import {
  MediaStreamTrack,
  RTCPeerConnection,
  type RTCRtpSender,
  type RTCRtpTransceiver,
  RtcpSenderInfo,
  RtcpSrPacket,
  RtpHeader,
  RtpPacket,
  useOPUS,
} from 'werift';
import { createLogger } from '../../../peer/log.ts';
import { ClockMapper } from '../../../peer/rtp/clock-mapper.ts';
import { ntpFromUnixMs } from '../../../peer/rtp/ntp.ts';
import { AudioTrack } from '../../../peer/transport/audio-track.ts';
import { RelayedClock } from '../../../peer/transport/relayed-clock.ts';
import { SenderReports } from '../../../peer/transport/sender-reports.ts';

const CLOCK_RATE = 48_000;
const PACKET_MS = 20;
const THEIR_NOON = Date.UTC(2001, 0, 1, 12);
/** The timestamps cross 2³², the sequence numbers 2¹⁶. */
const FIRST_TIMESTAMP = 0xffff_ffff - 20 * 960;
const FIRST_SEQUENCE = 65_520;

const log = createLogger('silent', 'test');
const opened: { close(): void | Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of opened.splice(0).reverse()) await thing.close();
});

interface Returned {
  readonly packet: RtpPacket;
  readonly at: number;
}

/** A microphone and the server's side of it, over a real connection. */
class Microphone extends EventEmitter<{ report: [RtcpSrPacket] }> {
  readonly returned: Returned[] = [];
  readonly sentAt: number[] = [];
  audio: AudioTrack | undefined;
  returning: RTCRtpSender | undefined;
  readonly #near = connection();
  readonly #far = connection();
  readonly #transceiver: RTCRtpTransceiver;

  static async open(): Promise<Microphone> {
    const microphone = new Microphone();
    await microphone.#connect();
    return microphone;
  }

  private constructor() {
    super();
    this.#transceiver = this.#near.addTransceiver(new MediaStreamTrack({ kind: 'audio' }), {
      direction: 'sendrecv',
    });
    // What the library says of clocks is not to be heard here.
    this.#transceiver.sender.rtcpRunning = true;
    this.#near.ontrack = ({ track }) => {
      track.onReceiveRtp.subscribe((packet) => this.returned.push({ packet, at: performance.now() }));
    };
    this.#transceiver.receiver.onRtcp.subscribe((packet) => {
      if (packet instanceof RtcpSrPacket) this.emit('report', packet);
    });
  }

  async #connect(): Promise<void> {
    const answered: Promise<void>[] = [];
    this.#far.ontrack = ({ track, transceiver }) => {
      transceiver.direction = 'sendrecv';
      answered.push(transceiver.sender.replaceTrack(new MediaStreamTrack({ kind: 'audio' })));
      this.returning = transceiver.sender;
      this.audio = new AudioTrack(track, transceiver, log);
      const clock = new RelayedClock(track, transceiver, log);
      const reports = new SenderReports(transceiver, clock, log);
      clock.onReport(() => reports.onClockKnown());
      opened.push(this.audio, clock, reports);
    };
    await this.#near.setLocalDescription(await this.#near.createOffer());
    await this.#far.setRemoteDescription({ type: 'offer', sdp: this.#near.localDescription?.sdp ?? '' });
    await Promise.all(answered);
    await this.#far.setLocalDescription(await this.#far.createAnswer());
    const connected = this.#near.connectionStateChange.watch((state) => state === 'connected');
    await this.#near.setRemoteDescription({ type: 'answer', sdp: this.#far.localDescription?.sdp ?? '' });
    await connected;
  }

  /** Speaks in packets of 20 ms, in real time. */
  async speak(packets: number): Promise<void> {
    const began = performance.now() - this.sentAt.length * PACKET_MS;
    for (let i = 0; i < packets; i++) {
      const number = this.sentAt.length;
      const header = new RtpHeader({
        sequenceNumber: (FIRST_SEQUENCE + number) & 0xffff,
        timestamp: (FIRST_TIMESTAMP + number * 960) >>> 0,
        marker: number === 0,
      });
      this.sentAt.push(performance.now());
      await this.#transceiver.sender.sendRtp(new RtpPacket(header, Buffer.from([0xf8, number & 0xff])));
      await delay(Math.max(0, began + (number + 1) * PACKET_MS - performance.now()));
    }
  }

  /** Reports that the first packet was captured at noon of a clock of its own. */
  async report(): Promise<void> {
    const elapsed = performance.now() - (this.sentAt[0] ?? 0);
    const senderInfo = new RtcpSenderInfo({
      ntpTimestamp: ntpFromUnixMs(THEIR_NOON + elapsed),
      rtpTimestamp: (FIRST_TIMESTAMP + Math.round((elapsed * CLOCK_RATE) / 1000)) >>> 0,
      packetCount: this.sentAt.length,
      octetCount: this.sentAt.length * 2,
    });
    const { sender } = this.#transceiver;
    await sender.dtlsTransport.sendRtcp([new RtcpSrPacket({ ssrc: sender.ssrc, senderInfo })]);
  }
}

function connection(): RTCPeerConnection {
  const pc = new RTCPeerConnection({
    codecs: { audio: [useOPUS()] },
    iceServers: [],
    iceUseIpv4: false,
    iceUseIpv6: false,
    iceAdditionalHostAddresses: ['127.0.0.1'],
  });
  opened.push(pc);
  return pc;
}

it('AudioTrack sends every packet back as it came, in order, across the wraps', async () => {
  const microphone = await Microphone.open();
  microphone.audio?.follow(30);
  await microphone.speak(40);
  await expect.poll(() => microphone.returned.length).toBe(40);
  const facts = microphone.returned.map(({ packet: { header, payload } }) => [
    header.sequenceNumber,
    header.timestamp,
    header.marker,
    payload.toString('hex'),
  ]);
  expect(facts).toEqual(
    facts.map((_, i) => [
      (FIRST_SEQUENCE + i) & 0xffff,
      (FIRST_TIMESTAMP + i * 960) >>> 0,
      i === 0,
      Buffer.from([0xf8, i]).toString('hex'),
    ]),
  );
});

it('AudioTrack holds packets back by what the picture takes', async () => {
  const microphone = await Microphone.open();
  await microphone.speak(10);
  for (let i = 0; i < 300; i++) microphone.audio?.follow(60);
  await microphone.speak(75);
  await expect.poll(() => microphone.returned.length).toBe(85);
  const held = microphone.returned.map(({ at }, i) => at - (microphone.sentAt[i] ?? 0));
  // Nothing is faster than the hold; how much slower the machine makes it says nothing.
  expect(Math.min(...held.slice(-5))).toBeGreaterThan(58);
  expect(microphone.audio?.stats()).toEqual({ delayMs: 60, dropped: 0 });
});

it("SenderReports tell the sender's own clock, at once after its first report, and again", async () => {
  const microphone = await Microphone.open();
  await microphone.speak(10);
  const first = once(microphone, 'report');
  await microphone.report();
  const told = [(await first) as [RtcpSrPacket], (await once(microphone, 'report')) as [RtcpSrPacket]];
  for (const [{ senderInfo }] of told) {
    const mapper = new ClockMapper({ clockRate: CLOCK_RATE });
    mapper.onSenderReport(senderInfo);
    expect(mapper.toUnixMs(FIRST_TIMESTAMP)).toBeCloseTo(THEIR_NOON, 0);
    expect([senderInfo.packetCount, senderInfo.octetCount]).toEqual([10, 20]);
  }
});

it('SenderReports let the round-trip time be told from what the other side reports back', async () => {
  const microphone = await Microphone.open();
  const roundTripTime = () => {
    const stats = microphone.returning?.collectStats(0).find(({ type }) => type === 'remote-inbound-rtp');
    return (stats as { roundTripTime?: number } | undefined)?.roundTripTime ?? Number.NaN;
  };
  await microphone.speak(10);
  await microphone.report();
  await Promise.all([microphone.speak(100), expect.poll(roundTripTime, { timeout: 10_000 }).toBeLessThan(1)]);
});
