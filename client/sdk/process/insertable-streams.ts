// What TypeScript's DOM library has not yet: W3C mediacapture-transform, as Chromium has it in pages.

interface Processor {
  readonly readable: ReadableStream<VideoFrame>;
}

interface Generator extends MediaStreamTrack {
  readonly writable: WritableStream<VideoFrame>;
}

interface InsertableStreams {
  MediaStreamTrackProcessor: new (init: { track: MediaStreamTrack; maxBufferSize?: number }) => Processor;
  MediaStreamTrackGenerator: new (init: { kind: 'video' }) => Generator;
}

/** The constructors of this page; undefined where it has not both. */
export function insertableStreams(): InsertableStreams | undefined {
  const page = globalThis as Partial<InsertableStreams>;
  const there = page.MediaStreamTrackProcessor && page.MediaStreamTrackGenerator;
  return there ? (page as InsertableStreams) : undefined;
}
