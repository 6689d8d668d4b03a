import type { Detections } from '../../protocol/detections.ts';
import type { LiveSettings } from '../../protocol/session.ts';
import type { CallError } from './call-error.ts';
import { cameraStopped } from './camera-words.ts';
import { Emitter } from './emitter.ts';
import { noVideo } from './problem-words.ts';
import { HandedTracks, type Prepare } from './process/handed-tracks.ts';
import { KeptCall } from './process/kept-call.ts';
import { NewestResult } from './process/newest-result.ts';
import { openPicture } from './process/open-picture.ts';
import type { PictureOutput } from './process/picture-output.ts';
import type { PictureSource } from './process/source-choice.ts';

/** Where the picture goes, and what is looked for in it. */
export interface ProcessOptions {
  /** Where the server is; this page's own origin when left out. */
  server?: string | URL;
  /** Sent as a bearer token where the server asks for a key. */
  key?: string | undefined;
  settings?: Omit<LiveSettings, 'output'>;
  /** Ends the processing, as `close()` does. */
  signal?: AbortSignal;
  /** Called with the track, and with each clone of it, before it is given out. */
  prepare?: Prepare;
}

/** What a processed track tells. */
interface ProcessEvents {
  /** The picture changed over. */
  source: [PictureSource];
  /** Why the annotated picture is away; it is called for again where that can be of use. */
  problem: [CallError];
  /** The processing is over, once. */
  close: [];
}

/**
 * Gives a camera's track back annotated: one track that never goes black. It shows the camera's own picture until
 * annotated frames come, and whenever they do not: on a stall of a second, or when the server is away, which is called
 * again until it answers. Where `settings.effects` hides something, a coarse mosaic is shown in place of the camera's
 * own picture.
 *
 * Stopping the track (and all its clones) stops the camera; where the camera ends, the track does. Switching it off by
 * `enabled` switches the camera off, so that nothing of it is sent.
 * @param track of kind video
 * @throws CallError `no-video` for a track of another kind, `camera-missing` for one that has ended; the signal's reason
 */
export async function process(
  track: MediaStreamTrack,
  options: ProcessOptions = {},
): Promise<ProcessedTrack> {
  options.signal?.throwIfAborted();
  if (track.kind !== 'video') throw noVideo();
  if (track.readyState === 'ended') throw cameraStopped();
  const events: PictureListener = {};
  const picture = await openPicture({
    camera: track,
    covered: hidesSomething(options.settings),
    onSource: (source) => events.source?.(source),
    onCameraEnd: () => events.cameraEnd?.(),
  });
  const processed = opened(track, picture, events, options);
  // Either may have happened while the picture was opened.
  if (options.signal?.aborted || (track.readyState as string) === 'ended') processed.close();
  return processed;
}

/** Nothing stays open where `prepare` throws. */
function opened(...parts: ConstructorParameters<typeof ProcessedTrack>): ProcessedTrack {
  try {
    return new ProcessedTrack(...parts);
  } catch (error) {
    parts[1].close();
    throw error;
  }
}

interface PictureListener {
  source?: (source: PictureSource) => void;
  cameraEnd?: () => void;
}

/** A camera's track on its way through a server. `close()` ends it; the camera goes on and stays the caller's. */
class ProcessedTrack extends Emitter<ProcessEvents> {
  /** The annotated track. */
  readonly track: MediaStreamTrack;
  /** The results, to be read by one; one that nobody reads gives way to the next. */
  readonly results: ReadableStream<Detections>;
  readonly #picture: PictureOutput;
  readonly #handed: HandedTracks;
  readonly #call: KeptCall;
  readonly #newest = new NewestResult();
  #source: PictureSource = 'camera';
  #closed = false;

  constructor(
    camera: MediaStreamTrack,
    picture: PictureOutput,
    events: PictureListener,
    { server, key, settings, signal, prepare = () => undefined }: ProcessOptions,
  ) {
    super();
    this.#picture = picture;
    this.results = this.#newest.stream;
    this.#handed = new HandedTracks(camera, prepare, () => {
      this.close();
      camera.stop();
    });
    this.track = this.#handed.hand(picture.track);
    events.source = (source) => this.#onSource(source);
    events.cameraEnd = () => this.close();
    this.#call = new KeptCall({
      ...settings,
      output: 'annotated',
      stream: new MediaStream([camera]),
      key,
      ...(server !== undefined && { url: server }),
    });
    this.#call.on('annotated', (annotated) => picture.follow(annotated));
    this.#call.on('detections', (detections) => this.#newest.push(detections));
    this.#call.on('problem', (error) => this.emit('problem', error));
    this.#call.start();
    signal?.addEventListener('abort', () => this.close(), { once: true });
  }

  /** What the picture shows now. */
  get source(): PictureSource {
    return this.#source;
  }

  /** Ends the track and the call. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#call.close();
    this.#handed.end();
    this.#picture.close();
    this.#newest.close();
    this.emit('close');
  }

  #onSource(source: PictureSource): void {
    this.#source = source;
    this.emit('source', source);
  }
}

/** Whether the plain picture must not be seen. */
export function hidesSomething({ effects }: Pick<LiveSettings, 'effects'> = {}): boolean {
  return [effects?.faces, effects?.background].some((effect) => effect !== undefined && effect !== 'off');
}
