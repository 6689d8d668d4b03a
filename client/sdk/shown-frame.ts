/** The picture that a video shows, and which frame it is. */
export interface ShownFrame {
  readonly picture: CanvasImageSource;
  /** RTP ticks; undefined where the browser does not say. */
  readonly rtpTimestamp: number | undefined;
  /** Frees the picture. */
  close(): void;
}

/** A frame that says where it came from (WebCodecs VideoFrame Metadata Registry); not in the types yet. */
type MarkedFrame = VideoFrame & { metadata?(): { rtpTimestamp?: number } };

/**
 * Takes the picture that a video shows now, for a callback of requestVideoFrameCallback(). A callback may come late, and
 * then the video shows the frame after the one that it tells of: Chromium under load does so on a frame in thirty. Where
 * the picture itself says which frame it is, that counts.
 *
 * @param told the timestamp that the callback was given
 */
export function takeShownFrame(video: HTMLVideoElement, told: number | undefined): ShownFrame {
  const frame = markedFrame(video);
  const own = frame?.metadata?.().rtpTimestamp;
  if (frame && own !== undefined) {
    return { picture: frame, rtpTimestamp: own, close: () => frame.close() };
  }
  frame?.close();
  return { picture: video, rtpTimestamp: told, close: () => undefined };
}

function markedFrame(video: HTMLVideoElement): MarkedFrame | null {
  if (!('VideoFrame' in globalThis) || !('metadata' in VideoFrame.prototype)) return null;
  try {
    return new VideoFrame(video);
  } catch {
    return null; // there is no picture any more, as at the end of a call
  }
}
