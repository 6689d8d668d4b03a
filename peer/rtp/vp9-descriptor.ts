/** The VP9 payload descriptor (RFC 9628, section 4.2). Fields that the sender left out are `undefined`. */
export interface Vp9Descriptor {
  /** P: the frame refers to pictures before it. */
  readonly interPicture: boolean;
  /** F: each frame names the pictures that it refers to. */
  readonly flexible: boolean;
  /** B: a layer frame begins here. */
  readonly startOfFrame: boolean;
  /** E: a layer frame ends here. */
  readonly endOfFrame: boolean;
  /** I, M: 7 or 15 bits. */
  readonly pictureId: number | undefined;
  /** L: TID; 0 where there are no layers. */
  readonly temporalLayer: number;
  /** L: SID; 0 where there are no layers. */
  readonly spatialLayer: number;
  /** Bytes that the descriptor takes; what follows is VP9. */
  readonly length: number;
}

const PICTURE_ID = 0x80;
const INTER_PICTURE = 0x40;
const LAYERS = 0x20;
const FLEXIBLE = 0x10;
const START = 0x08;
const END = 0x04;
const SCALABILITY = 0x02;

/** P_DIFF: a frame refers to three pictures at most. */
const MAX_REFERENCES = 3;

type ReadByte = () => number;

/**
 * Reads the descriptor that a payload begins with; `undefined` when the payload ends in it or right behind it, or when
 * it names too many references.
 */
export function parseVp9Descriptor(payload: Uint8Array): Vp9Descriptor | undefined {
  let offset = 0;
  // Behind the end this reads zeros, and the offset tells in the end.
  const readByte = () => payload[offset++] ?? 0;

  const required = readByte();
  const flexible = (required & FLEXIBLE) !== 0;
  const interPicture = (required & INTER_PICTURE) !== 0;
  const pictureId = required & PICTURE_ID ? readPictureId(readByte) : undefined;
  const layers = required & LAYERS ? readByte() : 0;
  // TL0PICIDX
  if (required & LAYERS && !flexible) readByte();
  if (flexible && interPicture && !skipReferences(readByte)) return undefined;
  if (required & SCALABILITY) skipScalability(readByte);
  if (offset >= payload.length) return undefined;
  return {
    interPicture,
    flexible,
    startOfFrame: (required & START) !== 0,
    endOfFrame: (required & END) !== 0,
    pictureId,
    temporalLayer: layers >> 5,
    spatialLayer: (layers >> 1) & 0x07,
    length: offset,
  };
}

function readPictureId(readByte: ReadByte): number {
  const first = readByte();
  return first & 0x80 ? ((first & 0x7f) << 8) | readByte() : first;
}

/** P_DIFF, each with a bit N that says whether another follows. */
function skipReferences(readByte: ReadByte): boolean {
  for (let count = 1; count <= MAX_REFERENCES; count += 1) {
    if ((readByte() & 0x01) === 0) return true;
  }
  return false;
}

/** The scalability structure (section 4.2.1): sizes of the spatial layers, then the pictures of a group. */
function skipScalability(readByte: ReadByte): void {
  const structure = readByte();
  const sizes = structure & 0x10 ? (structure >> 5) + 1 : 0;
  for (let skipped = 0; skipped < sizes * 4; skipped += 1) readByte();
  const pictures = structure & 0x08 ? readByte() : 0;
  for (let picture = 0; picture < pictures; picture += 1) {
    const references = (readByte() >> 2) & 0x03;
    for (let skipped = 0; skipped < references; skipped += 1) readByte();
  }
}
