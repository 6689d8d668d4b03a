import { EventEmitter, once } from 'node:events';
import { RTCPeerConnection, useH264, useVP8 } from 'werift';
import { CallerCamera } from '../../cli/webrtc/caller-camera.ts';
import type { AccessUnit, VideoCodec } from '../../peer/rtp/packet.ts';

export interface WhepViewerEvents {
  connected: [];
  /** A whole frame. */
  frame: [unit: AccessUnit];
}

export interface WhepViewerOptions {
  readonly codec: VideoCodec;
  /** Of the address: `output=passthrough`. */
  readonly query?: string;
}

/** One who watches, without a browser: posts an offer that only receives (WHEP). */
export class WhepViewer extends EventEmitter<WhepViewerEvents> {
  readonly frames: AccessUnit[] = [];
  readonly #pc: RTCPeerConnection;
  readonly #camera: CallerCamera;
  #resource: URL | undefined;

  static async watch(url: string, sessionId: string, options: WhepViewerOptions): Promise<WhepViewer> {
    const viewer = new WhepViewer(options);
    await viewer.#dial(url, sessionId, options);
    return viewer;
  }

  private constructor({ codec }: WhepViewerOptions) {
    super();
    this.#pc = new RTCPeerConnection({
      codecs: { video: [codec === 'H264' ? useH264() : useVP8()] },
      bundlePolicy: 'max-bundle',
      iceServers: [],
      iceUseIpv4: false,
      iceUseIpv6: false,
      iceAdditionalHostAddresses: ['127.0.0.1'],
    });
    this.#camera = new CallerCamera(this.#pc.addTransceiver('video', { direction: 'recvonly' }), codec);
    this.#pc.ontrack = ({ track }) => {
      track.onReceiveRtp.subscribe((packet) => {
        for (const unit of this.#camera.receive(packet)) this.#onFrame(unit);
      });
    };
    this.#pc.connectionStateChange.subscribe((state) => {
      if (state === 'connected') this.emit('connected');
    });
  }

  async #dial(url: string, sessionId: string, { query }: WhepViewerOptions): Promise<void> {
    await this.#pc.setLocalDescription(await this.#pc.createOffer());
    const address = new URL(`/sessions/${sessionId}/whep${query ? `?${query}` : ''}`, url);
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp' },
      body: this.#pc.localDescription?.sdp ?? '',
    });
    if (response.status !== 201) {
      await this.#pc.close();
      throw new Error(`POST ${address.pathname} answered ${response.status}: ${await response.text()}`);
    }
    this.#resource = new URL(response.headers.get('Location') ?? '', url);
    const sdp = await response.text();
    const connected = once(this, 'connected');
    await this.#pc.setRemoteDescription({ type: 'answer', sdp });
    await connected;
  }

  #onFrame(unit: AccessUnit): void {
    this.frames.push(unit);
    this.emit('frame', unit);
  }

  /** Asks for a key frame (PLI). */
  requestKeyframe(): Promise<void> {
    return this.#camera.requestKeyframe();
  }

  /** Ends it as WHEP has it. @returns the status of the answer */
  async leave(): Promise<number> {
    const status = this.#resource ? (await fetch(this.#resource, { method: 'DELETE' })).status : 0;
    await this.#pc.close();
    return status;
  }

  /** Hangs up without a word over HTTP. */
  async close(): Promise<void> {
    this.removeAllListeners();
    await this.#pc.close();
  }
}
