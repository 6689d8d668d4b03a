/** Runs in a browser and imports nothing. */

/** One flash and its beep, as they came back. Milliseconds. */
export interface LipSyncSample {
  /** Since the measurement began. */
  readonly at: number;
  /** From drawn to shown. */
  readonly video: number;
  /** From sounded to heard, beyond what the same takes without a call. */
  readonly audio: number;
  /** How far the browser believes the picture to lag the sound, by the sender reports; null before it has enough. */
  readonly believed: number | null;
}

export interface LipSyncReading {
  readonly samples: LipSyncSample[];
  /** The MediaStreams that the returned tracks came in. */
  readonly streams: string[];
}

export interface LipSyncOptions {
  /** Where to call; left out, the page calls itself: the floor of what can be measured. */
  readonly server?: string;
  readonly seconds: number;
  readonly width?: number;
  readonly height?: number;
  /** Settings of the session, beside the offer. */
  readonly settings?: Record<string, unknown>;
}

interface Beat {
  readonly at: number;
  readonly drawn: number;
  /** Seconds of the AudioContext. */
  readonly sounded: number;
  shown?: number;
  heardHere?: number;
  heard?: number;
  believed?: number | null;
}

declare global {
  interface Window {
    measureLipSync: (options: LipSyncOptions) => Promise<LipSyncReading>;
  }
}

const FRAME_MS = 1000 / 30;
/** Longer than anything takes to come back, so that each flash and beep belongs to the beat before it. */
const PERIOD_MS = 36 * FRAME_MS;
const LIT_MS = 4 * FRAME_MS;
/** A beep goes on the audio thread's list before its time. */
const AHEAD_SECONDS = 0.03;

/** Tells the AudioContext's time of each beep. An AnalyserNode would stand still during silence and show old sound. */
const EAR = `registerProcessor('ear', class extends AudioWorkletProcessor {
  quiet = 0;
  process([[channel = []]]) {
    if (channel.length === 0) this.quiet += 128;
    for (let i = 0; i < channel.length; i++) {
      const loud = Math.abs(channel[i]) > 0.3;
      if (loud && this.quiet > sampleRate / 10) this.port.postMessage(currentTime + i / sampleRate);
      this.quiet = loud ? 0 : this.quiet + 1;
    }
    return true;
  }
})`;

/** A camera that flashes and a microphone that beeps at the same instants. */
class Source {
  readonly beats: Beat[] = [];
  readonly stream: MediaStream;
  readonly #audio: AudioContext;
  readonly #pen: CanvasRenderingContext2D;
  readonly #picture: CanvasCaptureMediaStreamTrack;
  readonly #microphone: MediaStreamAudioDestinationNode;
  readonly #began = performance.now();
  #tick = 0;
  #litUntil = 0;
  #nextBeat = performance.now() + PERIOD_MS;
  #timer = 0;

  constructor(audio: AudioContext, width: number, height: number) {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const pen = canvas.getContext('2d');
    const [picture] = canvas.captureStream(0).getVideoTracks();
    if (!pen || !picture) throw new Error('Expected a canvas that can be sent');
    this.#audio = audio;
    this.#pen = pen;
    this.#picture = picture as CanvasCaptureMediaStreamTrack;
    this.#microphone = audio.createMediaStreamDestination();
    this.stream = new MediaStream([picture, ...this.#microphone.stream.getAudioTracks()]);
    this.#hum();
    this.#frame();
  }

  /** Without a signal the node sends nothing, and the clock of the sound stands still. */
  #hum(): void {
    const hum = new ConstantSourceNode(this.#audio, { offset: 1e-3 });
    hum.connect(this.#microphone);
    hum.start();
  }

  #frame(): void {
    const now = performance.now();
    if (now >= this.#nextBeat) {
      this.#nextBeat += PERIOD_MS;
      this.#litUntil = now + LIT_MS;
      this.beats.push({ at: now - this.#began, drawn: now, sounded: this.#beep() });
    }
    this.#paint(now < this.#litUntil);
    this.#tick++;
    const next = this.#began + this.#tick * FRAME_MS;
    this.#timer = window.setTimeout(() => this.#frame(), Math.max(0, next - performance.now()));
  }

  #paint(lit: boolean): void {
    const { width, height } = this.#pen.canvas;
    this.#pen.fillStyle = lit ? '#fff' : '#000';
    this.#pen.fillRect(0, 0, width, height);
    this.#pen.fillStyle = lit ? '#000' : '#fff';
    this.#pen.fillRect((this.#tick * 8) % width, height - 16, 8, 8);
    this.#picture.requestFrame();
  }

  #beep(): number {
    const at = this.#audio.currentTime + AHEAD_SECONDS;
    const oscillator = new OscillatorNode(this.#audio, { frequency: 1000 });
    oscillator.connect(new GainNode(this.#audio, { gain: 0.7 })).connect(this.#microphone);
    oscillator.start(at);
    oscillator.stop(at + LIT_MS / 1000);
    return at;
  }

  stop(): void {
    clearTimeout(this.#timer);
    for (const track of this.stream.getTracks()) track.stop();
  }
}

/** Reports each beep of a track. */
function listen(audio: AudioContext, track: MediaStreamTrack, onBeep: (at: number) => void): void {
  const ear = new AudioWorkletNode(audio, 'ear');
  ear.port.onmessage = ({ data }: MessageEvent<number>) => onBeep(data);
  audio
    .createMediaStreamSource(new MediaStream([track]))
    .connect(ear)
    .connect(audio.destination);
}

/** Reports when each flash is shown. */
function watch(video: HTMLVideoElement, onFlash: (at: number) => void): void {
  const pen = new OffscreenCanvas(4, 4).getContext('2d', { willReadFrequently: true });
  let wasLit = false;
  const look: VideoFrameRequestCallback = (_now, { presentationTime }) => {
    pen?.drawImage(video, 0, 0, 4, 4);
    const lit = (pen?.getImageData(1, 1, 1, 1).data[1] ?? 0) > 128;
    if (lit && !wasLit) onFlash(presentationTime);
    wasLit = lit;
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
}

/** Milliseconds that the picture lags the sound by what the browser plays and what it was told of the clocks. */
async function believedLag(connection: RTCPeerConnection): Promise<number | null> {
  const playing = new Map<string, number>();
  for (const report of (await connection.getStats()).values()) {
    const { type, kind, estimatedPlayoutTimestamp: at } = report as Record<string, unknown>;
    if (type === 'inbound-rtp' && typeof at === 'number') playing.set(String(kind), at);
  }
  const [audio, video] = [playing.get('audio'), playing.get('video')];
  return audio === undefined || video === undefined ? null : audio - video;
}

async function gathered(connection: RTCPeerConnection): Promise<string> {
  await connection.setLocalDescription(await connection.createOffer());
  while (connection.iceGatheringState !== 'complete') {
    await new Promise((resolve) => connection.addEventListener('icegatheringstatechange', resolve));
  }
  return connection.localDescription?.sdp ?? '';
}

async function callServer(sdp: string, { server, settings }: LipSyncOptions): Promise<string> {
  const response = await fetch(`${server}/offer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'offer', sdp, ...settings }),
  });
  if (!response.ok) throw new Error(`POST /offer answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { sdp: string }).sdp;
}

async function callSelf(sdp: string, near: RTCPeerConnection, far: RTCPeerConnection): Promise<string> {
  far.onicecandidate = ({ candidate }) => void (candidate && near.addIceCandidate(candidate));
  await far.setRemoteDescription({ type: 'offer', sdp });
  await far.setLocalDescription(await far.createAnswer());
  return far.localDescription?.sdp ?? '';
}

function sampleOf({ at, drawn, sounded, shown, heardHere, heard, believed = null }: Beat): LipSyncSample[] {
  if (shown === undefined || heardHere === undefined || heard === undefined) return [];
  // Both ears hear through the same nodes, so that the way from one into the other drops out.
  return heardHere < sounded
    ? []
    : [{ at, video: shown - drawn, audio: (heard - heardHere) * 1000, believed }];
}

window.measureLipSync = async (options) => {
  const { server, seconds, width = 640, height = 480 } = options;
  const audio = new AudioContext({ sampleRate: 48_000 });
  await audio.audioWorklet.addModule(URL.createObjectURL(new Blob([EAR], { type: 'text/javascript' })));
  const source = new Source(audio, width, height);
  const near = new RTCPeerConnection();
  const far = server === undefined ? new RTCPeerConnection() : undefined;
  const returned = far ?? near;
  const video = Object.assign(document.createElement('video'), { autoplay: true, playsInline: true });
  const back = new MediaStream();
  const streams: string[] = [];
  video.srcObject = back;
  document.body.append(video);
  const beatBefore = (at: number) => source.beats.findLast(({ sounded }) => sounded <= at);
  for (const track of source.stream.getAudioTracks()) {
    listen(audio, track, (at) => Object.assign(beatBefore(at) ?? {}, { heardHere: at }));
  }
  watch(video, (at) => {
    const beat = source.beats.findLast(({ drawn }) => drawn <= at);
    if (beat) beat.shown ??= at;
  });
  returned.ontrack = ({ track, streams: [stream] }) => {
    back.addTrack(track);
    streams.push(stream?.id ?? '');
    if (track.kind !== 'audio') return;
    listen(audio, track, (at) => {
      const beat = beatBefore(at);
      if (beat === undefined || beat.heard !== undefined) return;
      beat.heard = at;
      void believedLag(returned).then((lag) => Object.assign(beat, { believed: lag }));
    });
  };
  for (const track of source.stream.getTracks()) near.addTrack(track, source.stream);
  near.createDataChannel('detections');
  const offer = await gathered(near);
  const sdp = far ? await callSelf(offer, near, far) : await callServer(offer, options);
  await near.setRemoteDescription({ type: 'answer', sdp });
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  source.stop();
  near.close();
  far?.close();
  video.remove();
  await audio.close();
  return { samples: source.beats.flatMap(sampleOf), streams };
};
