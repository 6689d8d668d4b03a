import type { ByteCursor } from './byte-cursor.ts';

/** What the first byte of a frame stands for. */
interface FrameCode {
  readonly flags: number;
  readonly sizeStep: number;
  readonly size: number;
  readonly timeStep: number;
  readonly reserved: number;
  readonly prefix: number;
}

/** A frame's flags (NUT, "Frame"). */
export const FrameFlag = {
  KEY: 1,
  CODED_TIME: 1 << 3,
  STREAM: 1 << 4,
  SIZE: 1 << 5,
  CHECKSUM: 1 << 6,
  RESERVED: 1 << 7,
  SIDE_DATA: 1 << 8,
  PREFIX: 1 << 10,
  MATCH_TIME: 1 << 11,
  CODED: 1 << 12,
  INVALID: 1 << 13,
} as const;

export interface NutMainHeader {
  /** Seconds of a tick of time: numerator and denominator. */
  readonly tick: readonly [number, number];
  /** One for each value of a frame's first byte. */
  readonly codes: readonly FrameCode[];
  /** Bytes that frames often begin with and then leave out. */
  readonly prefixes: readonly Uint8Array[];
}

/** N: begins every packet that is no frame. */
export const STARTCODE = 0x4e;

/** NUT, "Main header". Where the cursor ends up exhausted, the result is worth nothing. */
export function readMainHeader(cursor: ByteCursor): NutMainHeader {
  if (cursor.unsigned() > 3) cursor.unsigned();
  cursor.unsigned();
  cursor.unsigned();
  // One stream has one time base.
  cursor.unsigned();
  const tick = [cursor.unsigned(), cursor.unsigned()] as const;
  const codes = readFrameCodes(cursor);
  const prefixes = [new Uint8Array()];
  const count = cursor.exhausted ? 0 : cursor.unsigned();
  for (let i = 0; i < count && !cursor.exhausted; i += 1) prefixes.push(Uint8Array.from(cursor.blob()));
  return { tick, codes, prefixes };
}

/** Runs of codes that are alike but for their size; of each run, as many fields as differ from the one before. */
function readFrameCodes(cursor: ByteCursor): FrameCode[] {
  const codes: FrameCode[] = [];
  let [timeStep, sizeStep, prefix] = [0, 1, 0];
  while (codes.length < 256 && !cursor.exhausted) {
    const flags = cursor.unsigned();
    const fields = cursor.unsigned();
    if (fields > 0) timeStep = cursor.signed();
    if (fields > 1) sizeStep = cursor.unsigned();
    if (fields > 2) cursor.unsigned();
    const size = fields > 3 ? cursor.unsigned() : 0;
    const reserved = fields > 4 ? cursor.unsigned() : 0;
    const count = fields > 5 ? cursor.unsigned() : sizeStep - size;
    if (fields > 6) cursor.signed();
    if (fields > 7) prefix = cursor.unsigned();
    for (let extra = 8; extra < fields && !cursor.exhausted; extra += 1) cursor.unsigned();
    for (let i = 0; i < count && codes.length < 256; i += 1) {
      if (codes.length === STARTCODE) codes.push(INVALID);
      codes.push({ flags, sizeStep, size: size + i, timeStep, reserved, prefix });
    }
  }
  return codes;
}

const INVALID: FrameCode = {
  flags: FrameFlag.INVALID,
  sizeStep: 0,
  size: 0,
  timeStep: 0,
  reserved: 0,
  prefix: 0,
};
