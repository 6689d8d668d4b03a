import type { Page } from 'playwright-core';
import type { Detections } from '../../protocol/detections.ts';
import { type SessionDescription, sessionDescriptionSchema } from '../../protocol/session.ts';

/** A codec as `setCodecPreferences` names it. */
interface CodecWish {
  /** As `video/H264`. */
  readonly mimeType: string;
  /** A part of the format parameters, as `packetization-mode=0`. */
  readonly parameters?: string;
}

/** What a page offers. */
export interface PageOffer {
  /** Only this codec, with its retransmission; all that the browser has when left out. */
  readonly codec?: CodecWish;
  /** A second camera in a section of its own: the mirror image of the first. */
  readonly mirrored?: boolean;
  /** The layers of a simulcast; one stream when left out. */
  readonly layers?: RTCRtpEncodingParameters[];
}

/** What has come back in one media section. */
export interface ReturnedPicture {
  readonly width: number;
  readonly height: number;
  readonly framesDecoded: number;
  /** As `video/H264`, and its format parameters. */
  readonly codec: string;
}

declare global {
  /** What {@link PageCall} leaves on the page. */
  var interopCall: {
    readonly pc: RTCPeerConnection;
    readonly sessionId: string;
    readonly results: Detections[];
    /** By mid. */
    readonly videos: Map<string, HTMLVideoElement>;
  };
}

/** A call that a page makes with nothing but the WebRTC API of its browser and `POST /offer`. */
export class PageCall {
  readonly page: Page;
  readonly #url: string;

  /** Calls from a page of the server's origin, with the browser's camera in 640×480. */
  static async start(page: Page, url: string, offer: PageOffer): Promise<PageCall> {
    await page.goto(url);
    await page.evaluate(call, offer);
    return new PageCall(page, url);
  }

  private constructor(page: Page, url: string) {
    this.page = page;
    this.#url = url;
  }

  /** Waits for this many results of a media section. @returns the newest ten */
  async results(mid = '0', count = 10): Promise<Detections[]> {
    const wanted = { mid, count };
    await this.page.waitForFunction((of) => {
      return interopCall.results.filter((result) => result.mid === of.mid).length >= of.count;
    }, wanted);
    return this.page.evaluate((of) => {
      return interopCall.results.filter((result) => result.mid === of).slice(-10);
    }, mid);
  }

  /** What came back in a media section; undefined where nothing comes back. */
  returned(mid = '0'): Promise<ReturnedPicture | undefined> {
    return this.page.evaluate(async (wanted) => {
      const transceiver = interopCall.pc.getTransceivers().find((candidate) => candidate.mid === wanted);
      const video = interopCall.videos.get(wanted);
      if (!transceiver || !video) return undefined;
      const stats = await transceiver.receiver.getStats();
      const inbound = [...stats.values()].find(({ type }) => type === 'inbound-rtp');
      const codec = stats.get(inbound?.codecId);
      return {
        width: video.videoWidth,
        height: video.videoHeight,
        framesDecoded: inbound?.framesDecoded ?? 0,
        codec: [codec?.mimeType, codec?.sdpFmtpLine].filter(Boolean).join(' '),
      };
    }, mid);
  }

  /**
   * Vivid green pixels, the colour of a person's box, between two shares of the width of a returned picture. Rows above
   * and below the middle half are left out: the upper and the lower edge of the box are there.
   */
  green(mid: string, from: number, to: number): Promise<number> {
    return this.page.evaluate(
      (of) => {
        const video = interopCall.videos.get(of.mid);
        if (!video) return 0;
        const { videoWidth: width, videoHeight: height } = video;
        const context = new OffscreenCanvas(width, height).getContext('2d');
        context?.drawImage(video, 0, 0);
        const left = Math.floor(of.from * width);
        const columns = Math.floor((of.to - of.from) * width);
        const [top, rows] = [Math.floor(0.3 * height), Math.floor(0.5 * height)];
        const { data } = context?.getImageData(left, top, columns, rows) ?? { data: [] };
        let count = 0;
        for (let at = 0; at < data.length; at += 4) {
          const [r = 0, g = 0, b = 0] = data.slice(at, at + 3);
          if (g > 120 && g > r + 40 && g > b + 40) count++;
        }
        return count;
      },
      { mid, from, to },
    );
  }

  /** What the server says of the call. */
  async session(): Promise<SessionDescription> {
    const sessionId = await this.page.evaluate(() => interopCall.sessionId);
    const response = await fetch(new URL(`/sessions/${sessionId}`, this.#url));
    return sessionDescriptionSchema.parse(await response.json());
  }

  /** Hangs up, and closes the page. A browser that only closes the page tells the other side nothing. */
  async close(): Promise<void> {
    await this.page.evaluate(() => interopCall.pc.close());
    await this.page.close();
  }
}

/** Runs in the page. */
async function call({ codec, mirrored, layers }: PageOffer): Promise<void> {
  const camera = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
  const pc = new RTCPeerConnection();
  const results: Detections[] = [];
  const videos = new Map<string, HTMLVideoElement>();
  const play = (stream: MediaStream) => {
    const video = document.createElement('video');
    video.muted = true;
    video.srcObject = stream;
    document.body.append(video);
    void video.play();
    return video;
  };
  const mirror = () => {
    const [source, canvas] = [play(camera), document.createElement('canvas')];
    [canvas.width, canvas.height] = [640, 480];
    const context = canvas.getContext('2d');
    context?.setTransform(-1, 0, 0, 1, 640, 0);
    const draw = () => {
      context?.drawImage(source, 0, 0, 640, 480);
      source.requestVideoFrameCallback(draw);
    };
    source.requestVideoFrameCallback(draw);
    return canvas.captureStream();
  };
  for (const stream of mirrored ? [camera, mirror()] : [camera]) {
    const [track] = stream.getVideoTracks();
    const init: RTCRtpTransceiverInit = { direction: 'sendrecv', streams: [stream] };
    const transceiver = pc.addTransceiver(
      track ?? 'video',
      layers ? { ...init, sendEncodings: layers } : init,
    );
    if (codec === undefined) continue;
    const wanted = RTCRtpReceiver.getCapabilities('video')?.codecs.filter(
      ({ mimeType, sdpFmtpLine = '' }) =>
        mimeType === 'video/rtx' ||
        (mimeType === codec.mimeType && sdpFmtpLine.includes(codec.parameters ?? '')),
    );
    transceiver.setCodecPreferences(wanted ?? []);
  }
  pc.ontrack = ({ track, transceiver }) => videos.set(transceiver.mid ?? '', play(new MediaStream([track])));
  const channel = pc.createDataChannel('detections', { ordered: false, maxRetransmits: 0 });
  channel.onmessage = ({ data }) => results.push(JSON.parse(data));
  const gathered = new Promise<void>((resolve) => {
    pc.onicecandidate = ({ candidate }) => candidate ?? resolve();
  });
  await pc.setLocalDescription();
  await gathered;
  const response = await fetch('/offer', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(pc.localDescription),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`Expected an answer, found ${JSON.stringify(answer)}`);
  globalThis.interopCall = { pc, results, videos, sessionId: answer.sessionId };
  await pc.setRemoteDescription(answer);
}
