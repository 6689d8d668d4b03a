/** Runs in a worker: hands the encoded frames of a track on as they are, and tells when each came. */

/** What is told of an encoded frame. */
export interface FrameStamp {
  readonly rtpTimestamp: number;
  /** Unix milliseconds, of the monotonic clock. */
  readonly at: number;
}

/** What is used of an RTCEncodedVideoFrame (W3C WebRTC Encoded Transform). */
interface EncodedFrame {
  /** RTP ticks; where `getMetadata()` does not say it. */
  readonly timestamp?: number;
  getMetadata(): { readonly rtpTimestamp?: number };
}

interface TransformEvent extends Event {
  readonly transformer: {
    readonly readable: ReadableStream<EncodedFrame>;
    readonly writable: WritableStream<EncodedFrame>;
  };
}

self.addEventListener('rtctransform', (event) => {
  const { readable, writable } = (event as TransformEvent).transformer;
  const note = new TransformStream<EncodedFrame, EncodedFrame>({
    transform(frame, controller) {
      const rtpTimestamp = frame.getMetadata().rtpTimestamp ?? frame.timestamp;
      const at = performance.timeOrigin + performance.now();
      if (rtpTimestamp !== undefined) self.postMessage({ rtpTimestamp, at } satisfies FrameStamp);
      controller.enqueue(frame);
    },
  });
  // The streams end with the call.
  readable
    .pipeThrough(note)
    .pipeTo(writable)
    .catch(() => undefined);
});
