import type { PictureSource } from './source-choice.ts';

/** What a {@link PictureOutput} is made of. */
export interface PictureInput {
  camera: MediaStreamTrack;
  /** Shows the camera's picture as a coarse mosaic: something in it is to be hidden. */
  covered: boolean;
  /** Told when the picture changes over. */
  onSource: (source: PictureSource) => void;
  /** Told once when the camera has ended, stopped or unplugged. */
  onCameraEnd: () => void;
}

/** One picture that stays the same track whatever it shows: the camera's, or the annotated one while that comes. */
export interface PictureOutput {
  readonly track: MediaStreamTrack;
  /** Takes the annotated frames from a track from now on; null for none. */
  follow(annotated: MediaStreamTrack | null): void;
  /** Frees everything; the track shows no more. Idempotent. */
  close(): void;
}
