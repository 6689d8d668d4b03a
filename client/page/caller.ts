import type { LiveSettings } from '../../protocol/session.ts';
import type { Call } from '../sdk/call.ts';
import { CallError } from '../sdk/call-error.ts';
import { openCamera } from '../sdk/camera.ts';
import { cameraStopped } from '../sdk/camera-words.ts';
import { connect } from '../sdk/connect.ts';
import { Emitter } from '../sdk/emitter.ts';
import { pathError } from '../sdk/path-words.ts';
import { MAX_TRIES, retryAfter } from './back-off.ts';
import { isActive, type Phase } from './phase.ts';

/** What a call is made with; read anew for each call. */
export interface CallChoice {
  url: URL;
  deviceId: string | undefined;
  key: string | undefined;
  settings: LiveSettings;
}

/** What a caller tells. */
export interface CallerEvents {
  phase: [Phase];
  /** The camera that is sent; null when it was stopped. */
  camera: [MediaStream | null];
  /** A call that the server took; null when it is over. */
  call: [Call | null];
}

/** Keeps a call up: opens the camera, calls, and calls again with growing pauses when the call is lost. */
export class Caller extends Emitter<CallerEvents> {
  readonly #choice: () => CallChoice;
  #phase: Phase = { name: 'idle' };
  #run: AbortController | null = null;
  #camera: MediaStream | null = null;
  #call: Call | null = null;
  #hurry: (() => void) | null = null;

  constructor(choice: () => CallChoice) {
    super();
    this.#choice = choice;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Starts, or calls at once where it waits to call again. */
  start(): void {
    if (this.#hurry) this.#hurry();
    if (isActive(this.#phase)) return;
    const run = new AbortController();
    this.#run = run;
    void this.#keepUp(run.signal).then((phase) => this.#settle(run, phase));
  }

  stop(): void {
    if (this.#run) this.#settle(this.#run, { name: 'idle' });
  }

  /** Ends the call and begins another with the choices as they are now. */
  restart(): void {
    if (!isActive(this.#phase)) return;
    this.stop();
    this.start();
  }

  /** Sends the chosen camera from now on, within the same call. */
  async changeCamera(): Promise<void> {
    const { signal } = this.#run ?? {};
    if (!signal || !this.#camera) return;
    try {
      await this.#openCamera(signal);
      const [track] = this.#camera?.getVideoTracks() ?? [];
      if (track) await this.#call?.replaceTrack(track);
    } catch (error) {
      this.#giveUp(signal, toCallError(error));
    }
  }

  /** Runs until stopped or given up. */
  async #keepUp(signal: AbortSignal): Promise<Phase> {
    try {
      this.#to({ name: 'asking' });
      await this.#openCamera(signal);
      for (let attempt = 1; ; attempt += 1) {
        const { error, stood } = await this.#oneCall(signal);
        if (!error) return { name: 'idle' };
        if (stood) attempt = 1;
        const seconds = retryAfter(error, attempt);
        if (seconds === null) return { name: 'failed', error };
        await this.#pause(signal, seconds, (left) => {
          this.#to({ name: 'waiting', error, seconds: left, attempt, of: MAX_TRIES });
        });
      }
    } catch (error) {
      return signal.aborted ? { name: 'idle' } : { name: 'failed', error: toCallError(error) };
    }
  }

  /** One call from offer to end. `stood` says whether it ever connected. */
  async #oneCall(signal: AbortSignal): Promise<{ error?: CallError; stood: boolean }> {
    this.#to({ name: 'calling' });
    const stream = this.#camera;
    if (!stream) throw cameraStopped();
    let call: Call;
    try {
      const { url, key, settings } = this.#choice();
      call = await connect({ ...settings, url, key, stream, signal });
    } catch (error) {
      if (signal.aborted) throw error;
      return { error: toCallError(error), stood: false };
    }
    return new Promise((resolve) => {
      let stood = false;
      call.on('state', ({ state }) => {
        stood ||= state === 'connected';
        if (state === 'connected') this.#to({ name: 'connected' });
        if (state === 'reconnecting') this.#to({ name: 'interrupted' });
      });
      call.on('close', ({ error }) => {
        this.#setCall(null);
        resolve({ stood, ...(error && { error }) });
      });
      this.#setCall(call);
    });
  }

  async #openCamera(signal: AbortSignal): Promise<void> {
    this.#stopCamera(); // first, because some phones open no second camera
    const camera = await openCamera(this.#choice().deviceId);
    if (signal.aborted) {
      stopTracks(camera);
      throw signal.reason;
    }
    for (const track of camera.getTracks()) {
      track.addEventListener('ended', () => this.#giveUp(signal, cameraStopped()));
    }
    this.#camera = camera;
    this.emit('camera', camera);
  }

  async #pause(signal: AbortSignal, seconds: number, tell: (left: number) => void): Promise<void> {
    let hurried = false;
    for (let left = seconds; left > 0 && !hurried; left -= 1) {
      tell(left);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1_000);
        this.#hurry = () => {
          clearTimeout(timer);
          hurried = true;
          resolve();
        };
      });
      signal.throwIfAborted();
    }
    this.#hurry = null;
  }

  #giveUp(signal: AbortSignal, error: CallError): void {
    if (this.#run && this.#run.signal === signal) this.#settle(this.#run, { name: 'failed', error });
  }

  /** Ends a run once; a run that was already replaced changes nothing. */
  #settle(run: AbortController, phase: Phase): void {
    if (this.#run !== run) return;
    this.#run = null;
    this.#hurry = null;
    run.abort(new DOMException('Stopped', 'AbortError'));
    this.#stopCamera();
    this.#to(phase);
  }

  #stopCamera(): void {
    if (!this.#camera) return;
    stopTracks(this.#camera);
    this.#camera = null;
    this.emit('camera', null);
  }

  #setCall(call: Call | null): void {
    this.#call = call;
    this.emit('call', call);
  }

  #to(phase: Phase): void {
    this.#phase = phase;
    this.emit('phase', phase);
  }
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function toCallError(error: unknown): CallError {
  if (error instanceof CallError) return error;
  reportError(error);
  return pathError('call-failed', { cause: error });
}
