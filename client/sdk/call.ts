import type { CurrentSettings, LiveSettings } from '../../protocol/session.ts';
import type { CallError } from './call-error.ts';
import type { AnnotatedTrack, CallEvents, CallStanding } from './call-events.ts';
import { type CallStats, callStats } from './call-stats.ts';
import type { ControlLink } from './control-link.ts';
import { Emitter } from './emitter.ts';
import type { IceLink } from './ice-link.ts';
import type { Verdict } from './judge.ts';
import { MediaWatch } from './media-watch.ts';
import { pathError, pathFailed } from './path-words.ts';
import { sessionEnded } from './problem-words.ts';
import { readDetections } from './read-detections.ts';
import { readEvents } from './read-events.ts';
import type { Server } from './server.ts';
import type { StatsSample } from './stats-sample.ts';
import { takeSample } from './take-sample.ts';
import { UplinkProber } from './uplink-prober.ts';

/** How long the server may take to say goodbye. */
const GOODBYE_MS = 1_000;

/** What a call is made of; it owns the connection and the channel from then on. */
export interface CallParts {
  pc: RTCPeerConnection;
  channel: RTCDataChannel;
  control: ControlLink;
  ice: IceLink;
  server: Server;
  sessionId: string;
  /** Whether a picture is to come back. */
  output?: LiveSettings['output'];
  signal?: AbortSignal | undefined;
}

/** A call that the server has taken. Its events follow; `close()` ends it, and so does leaving the page. */
export class Call extends Emitter<CallEvents> {
  readonly sessionId: string;
  readonly #pc: RTCPeerConnection;
  readonly #channel: RTCDataChannel;
  readonly #control: ControlLink;
  readonly #ice: IceLink;
  readonly #server: Server;
  readonly #watch: MediaWatch;
  readonly #prober: UplinkProber;
  readonly #listening = new AbortController();
  readonly #tracks: AnnotatedTrack[] = [];
  #standing: CallStanding = { state: 'connecting', reason: 'The server took the call' };
  #output: LiveSettings['output'];
  #sample: StatsSample | null = null;

  constructor({ pc, channel, control, ice, server, sessionId, output, signal }: CallParts) {
    super();
    this.sessionId = sessionId;
    this.#pc = pc;
    this.#channel = channel;
    this.#control = control;
    this.#output = output;
    this.#ice = ice;
    this.#server = server;
    this.#watch = new MediaWatch({
      pc,
      channel,
      expectsVideo: () => this.#output !== 'data',
      ask: () => server.standing(sessionId, 2_000),
      ended: (verdict) => void this.#explain(verdict),
    });
    this.#prober = new UplinkProber(pc);
    control.onNotice((notice) => this.emit('notice', notice));
    this.#listen();
    signal?.addEventListener('abort', () => this.close('Aborted'), { signal: this.#listening.signal });
    if (signal?.aborted) this.close('Aborted');
  }

  /** How the call stands now. */
  get standing(): CallStanding {
    return this.#standing;
  }

  /** The annotated tracks that have come back so far; those to come are told by `track`. */
  get tracks(): readonly AnnotatedTrack[] {
    return this.#tracks;
  }

  /** Applies the server's answer: media starts. Done by `connect()`. */
  async answer(sdp: string): Promise<void> {
    try {
      await this.#pc.setRemoteDescription({ type: 'answer', sdp });
    } catch (cause) {
      if (!this.#over) this.#fail(pathError('answer-invalid', { cause }));
    }
  }

  /** Sends another camera's track in place of one of this call's, without calling again. */
  async replaceTrack(track: MediaStreamTrack, index = 0): Promise<void> {
    if (!track.contentHint) track.contentHint = 'motion';
    await this.#pc.getTransceivers()[index]?.sender.replaceTrack(track);
  }

  /**
   * Changes settings of the session while it runs, without a break in the video; what is left out stays as it is. Waits
   * for the call to be connected.
   * @returns the settings as they are from then on
   * @throws CallError of the server's code, and nothing is changed; `settings-timeout`; `call-over`
   */
  async configure(changes: LiveSettings): Promise<CurrentSettings> {
    const before = this.#output;
    // Ahead of the answer, so that the end of the video is not taken for a fault.
    if (changes.output === 'data') this.#output = 'data';
    const settings = await this.#control.configure(changes).catch((error: unknown) => {
      this.#output = before;
      throw error;
    });
    this.#output = settings.output;
    this.emit('settings', settings);
    return settings;
  }

  /**
   * Makes frames wait before they are shown, so that results are there when they are. Browsers that cannot show them at once.
   * @param ms null for no longer than the network needs
   */
  holdVideo(ms: number | null): void {
    for (const receiver of this.#pc.getReceivers()) {
      if ('jitterBufferTarget' in receiver && receiver.jitterBufferTarget !== ms)
        receiver.jitterBufferTarget = ms;
    }
  }

  /** What receives a track that came back; undefined where it did not. @param mid of an {@link AnnotatedTrack} */
  receiverOf(mid: string): RTCRtpReceiver | undefined {
    return this.#pc.getTransceivers().find((transceiver) => transceiver.mid === mid)?.receiver;
  }

  /** Rates over the time since the last call of this method. */
  async stats(): Promise<CallStats> {
    const before = this.#sample;
    this.#sample = await takeSample(this.#pc);
    return callStats(before, this.#sample);
  }

  /** Ends the call and frees it on the server. The caller's own stream goes on. The first reason stays. */
  close(reason = 'Closed'): void {
    this.#end({ state: 'closed', reason });
  }

  get #over(): boolean {
    return this.#standing.state === 'closed' || this.#standing.state === 'failed';
  }

  #listen(): void {
    const { signal } = this.#listening;
    this.#pc.addEventListener('track', (event) => this.#onTrack(event), { signal });
    this.#pc.addEventListener('connectionstatechange', () => this.#onConnection(), { signal });
    this.#channel.addEventListener('message', ({ data }) => this.#onMessage(data), { signal });
    globalThis.addEventListener('pagehide', () => this.close('The page was left'), { signal });
  }

  #onTrack({ track, transceiver }: RTCTrackEvent): void {
    const annotated = { track, stream: new MediaStream([track]), mid: transceiver.mid ?? '' };
    this.#tracks.push(annotated);
    this.emit('track', annotated);
  }

  #onMessage(data: unknown): void {
    const detections = readDetections(data);
    if (!detections) return;
    this.emit('detections', detections);
    for (const event of readEvents(detections)) this.emit('event', event);
  }

  #onConnection(): void {
    // 'failed' is left to the watch, which asks the server first; 'closed' is our own doing.
    const state = this.#pc.connectionState;
    if (state === 'connected') {
      performance.mark('sightline-connected');
      this.#to({ state: 'connected', reason: 'Video flows both ways' });
    } else if (state === 'disconnected') {
      this.#to({
        state: 'reconnecting',
        reason: 'The video path was interrupted; it may come back by itself',
      });
    }
  }

  #to(standing: CallStanding): void {
    if (this.#over) return;
    this.#standing = standing;
    this.emit('state', standing);
  }

  /** Asks the server why the path failed before the call is given up. */
  async #explain(verdict: Verdict): Promise<void> {
    const asked = verdict === 'ice-failed' || verdict === 'session-unknown';
    const diagnosis = asked ? await this.#server.diagnosis(this.sessionId, 2_000) : [];
    if (diagnosis.length > 0) this.#fail(pathFailed(diagnosis));
    else this.#fail(verdict === 'session-unknown' ? sessionEnded() : pathError(verdict));
  }

  #fail(error: CallError): void {
    this.#end({ state: 'failed', reason: error.title, error });
  }

  #end(standing: CallStanding): void {
    if (this.#over) return;
    this.#to(standing);
    this.#watch.close();
    this.#prober.close();
    this.#ice.close();
    this.#listening.abort();
    this.#control.close();
    void this.#hangUp(standing.error?.code === 'session-unknown');
    this.emit('close', standing);
  }

  /**
   * Ends the session on the server before the connection, whose end would end it as well: then the server would not know
   * the session that it is told to end, and the browser would complain of that in its console.
   */
  async #hangUp(isGone: boolean): Promise<void> {
    if (!isGone) await Promise.race([this.#server.end(this.sessionId), passed(GOODBYE_MS)]);
    this.#channel.close();
    this.#pc.close();
  }
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
