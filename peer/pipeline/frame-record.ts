/** What is known of one frame on its way through the pipeline. Times are milliseconds of performance.now(). */
export interface FrameRecord {
  /** RTP timestamp, incoming and outgoing alike. */
  readonly timestamp: number;
  /** When its last packet came in. */
  readonly arrivedAt: number;
  decodedAt: number;
  /** How long encoding took, once it is encoded. */
  encodeMs: number | undefined;
}
