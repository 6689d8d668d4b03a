/**
 * Where the pixels of one frame go on their way to a worker: packed RGB24 in shared memory, in exactly this size. The
 * padding around the picture is none of the writer's business. Valid until the `prepare` that it was given to settles.
 */
export interface SharedInput {
  /** height × stride bytes. */
  readonly pixels: Uint8Array;
  /** Pixels to scale the frame to. */
  readonly width: number;
  readonly height: number;
  /** Bytes from one row to the next: width × 3. */
  readonly stride: number;
}
