/**
 * The page that measures glass to glass: sends the film camera through whatever answers its offer, and reads the barcode
 * of every frame of the returned video that is shown.
 */
import { BARCODE_RANGE, barcodeArea, readBarcode } from '../../test/support/barcode.ts';
import type { FilmCameraStart, FrameSent } from './film-camera.ts';
import { pickStats, type StreamTotals } from './stream-totals.ts';

export interface ProbeOptions {
  /** The one codec that is offered, by its MIME subtype; all of the browser's when left out. */
  readonly codec?: string;
  /** Bits a second that the browser may send. */
  readonly maxBitrate: number;
}

/** What was seen between two readings. */
export interface ProbeReading {
  readonly seconds: number;
  /** Frames that the camera gave. */
  readonly sent: number;
  /** Frames shown whose barcode could not be read. */
  readonly unreadable: number;
  /** Milliseconds from the camera to the screen, of each frame shown. */
  readonly latencies: number[];
  /** Milliseconds from the last packet of a frame to the screen, of each frame shown. */
  readonly afterArrival: number[];
  /** Sums of the browser's own over this time. */
  readonly totals: StreamTotals;
}

interface Probe {
  offer(options: ProbeOptions): Promise<RTCSessionDescriptionInit>;
  /** Resolves once the first frame has come back. */
  accept(answer: RTCSessionDescriptionInit): Promise<void>;
  /** Everything since the last reading. */
  read(): Promise<ProbeReading>;
  hangUp(): void;
}

declare global {
  interface Window {
    __probe?: Probe;
  }
  /** Chromium's own, of the first draft of MediaStreamTrack Insertable Media Processing. */
  class MediaStreamTrackGenerator extends MediaStreamTrack {
    constructor(init: { kind: 'video' });
    readonly writable: WritableStream<VideoFrame>;
  }
}

/** A frame that is older has not been on its way all that time. */
const MAX_LATENCY_MS = 10_000;

class Calls implements Probe {
  readonly #camera: MediaStreamTrack;
  readonly #video: HTMLVideoElement;
  readonly #sentAt = new Float64Array(BARCODE_RANGE);
  #pc: RTCPeerConnection | undefined;
  #started = performance.now();
  #totals: StreamTotals | undefined;
  #sent = 0;
  #unreadable = 0;
  #latencies: number[] = [];
  #afterArrival: number[] = [];

  constructor(video: HTMLVideoElement, filmUrl: string) {
    this.#video = video;
    const generator = new MediaStreamTrackGenerator({ kind: 'video' });
    this.#camera = generator;
    const worker = new Worker('./film-camera.ts', { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<FrameSent>) => {
      this.#sentAt[data.value] = data.at;
      this.#sent++;
    };
    const start: FilmCameraStart = { filmUrl, writable: generator.writable };
    worker.postMessage(start, [start.writable]);
    this.#watch();
  }

  async offer({ codec, maxBitrate }: ProbeOptions): Promise<RTCSessionDescriptionInit> {
    const pc = new RTCPeerConnection();
    this.#pc = pc;
    const transceiver = pc.addTransceiver(this.#camera, { sendEncodings: [{ maxBitrate }] });
    if (codec) transceiver.setCodecPreferences(codecsNamed(codec));
    const parameters = transceiver.sender.getParameters();
    parameters.degradationPreference = 'maintain-resolution';
    await transceiver.sender.setParameters(parameters);
    pc.createDataChannel('detections', { ordered: false, maxRetransmits: 0 });
    pc.ontrack = ({ track }) => {
      this.#video.srcObject = new MediaStream([track]);
    };
    await pc.setLocalDescription();
    await gathered(pc);
    return { type: 'offer', sdp: pc.localDescription?.sdp ?? '' };
  }

  async accept(answer: RTCSessionDescriptionInit): Promise<void> {
    const shown = new Promise((resolve) => this.#video.requestVideoFrameCallback(resolve));
    await this.#pc?.setRemoteDescription(answer);
    await shown;
    await this.read();
  }

  async read(): Promise<ProbeReading> {
    const now = performance.now();
    const totals = await pickStats(this.#pc);
    const reading: ProbeReading = {
      seconds: (now - this.#started) / 1000,
      sent: this.#sent,
      unreadable: this.#unreadable,
      latencies: this.#latencies,
      afterArrival: this.#afterArrival,
      totals: since(totals, this.#totals),
    };
    this.#started = now;
    this.#totals = totals;
    this.#sent = 0;
    this.#unreadable = 0;
    this.#latencies = [];
    this.#afterArrival = [];
    return reading;
  }

  hangUp(): void {
    this.#pc?.close();
    this.#pc = undefined;
    this.#totals = undefined;
    this.#video.srcObject = null;
  }

  #watch(): void {
    this.#video.requestVideoFrameCallback((_now, metadata) => {
      const shownAt = performance.now();
      this.#watch();
      if (metadata.receiveTime !== undefined) this.#afterArrival.push(shownAt - metadata.receiveTime);
      this.#readFrame(shownAt).catch(() => {
        // The picture was gone before it could be read, as at the end of a call.
        this.#unreadable++;
      });
    });
  }

  async #readFrame(shownAt: number): Promise<void> {
    const frame = new VideoFrame(this.#video);
    const rect = barcodeArea(frame.codedWidth);
    const luma = new Uint8Array(frame.allocationSize({ rect }));
    const [plane] = await frame.copyTo(luma, { rect }).finally(() => frame.close());
    const value = readBarcode(luma.subarray(plane?.offset), plane?.stride ?? 0, rect);
    const latency = performance.timeOrigin + shownAt - (this.#sentAt[value ?? 0] ?? 0);
    // One that was not sent lately is a misreading whose parity fits by chance.
    if (value === undefined || !(latency > 0 && latency < MAX_LATENCY_MS)) this.#unreadable++;
    else this.#latencies.push(latency);
  }
}

function codecsNamed(subtype: string): RTCRtpCodec[] {
  const all = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
  const wanted = all.filter(({ mimeType }) => mimeType.toLowerCase() === `video/${subtype}`.toLowerCase());
  // Constrained baseline with packetization mode 1 first: what all that are measured can do.
  const score = ({ sdpFmtpLine = '' }: RTCRtpCodec) =>
    Number(/profile-level-id=42e0/i.test(sdpFmtpLine)) + Number(/packetization-mode=1/.test(sdpFmtpLine));
  wanted.sort((a, b) => score(b) - score(a));
  return [...wanted, ...all.filter(({ mimeType }) => mimeType === 'video/rtx')];
}

function gathered(pc: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    if (pc.iceGatheringState === 'complete') resolve();
    pc.onicegatheringstatechange = () => {
      if (pc.iceGatheringState === 'complete') resolve();
    };
  });
}

function since(now: StreamTotals, before: StreamTotals | undefined): StreamTotals {
  const pairs = Object.entries(now).map(([name, value]) => {
    const earlier = before?.[name] ?? 0;
    return [name, typeof value === 'number' && typeof earlier === 'number' ? value - earlier : value];
  });
  return Object.fromEntries(pairs) as StreamTotals;
}

const video = document.querySelector('video');
const film = new URLSearchParams(location.search).get('film');
if (video && film) window.__probe = new Calls(video, film);
