import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FRAME_HEADER_BYTES,
  type FrameHeader,
  frameFormats,
  rawBytes,
  readFrame,
  writeFrameHeader,
} from '../../protocol/frames.ts';

const header: FrameHeader = {
  format: 'i420',
  payloadLength: 6,
  width: 2,
  height: 2,
  sequence: 7,
  captureTime: 1_764_000_000_000.125,
  rtpTimestamp: 0xffff_ffff,
};

function messageOf(fields: Partial<FrameHeader> = {}, payload = new Uint8Array(6)): Uint8Array {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + payload.length);
  bytes.set(writeFrameHeader({ ...header, payloadLength: payload.length, ...fields }));
  bytes.set(payload, FRAME_HEADER_BYTES);
  return bytes;
}

const headers = fc
  .record({
    format: fc.constantFrom(...frameFormats),
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 40 }),
    sequence: fc.integer({ min: 0, max: 0xffff_ffff }),
    captureMicros: fc.integer({ min: 0, max: 4_000_000_000_000_000 }),
    rtpTimestamp: fc.integer({ min: 0, max: 0xffff_ffff }),
    length: fc.integer({ min: 0, max: 300 }),
  })
  .map(({ captureMicros, length, ...fields }) => ({
    ...fields,
    captureTime: captureMicros / 1000,
    payloadLength: rawBytes(fields.format, fields.width, fields.height) ?? length,
  }));

describe('readFrame()', () => {
  it('reads what writeFrameHeader() wrote', () => {
    fc.assert(
      fc.property(headers, (written) => {
        const payload = new Uint8Array(written.payloadLength).fill(9);
        const message = messageOf(written, payload);
        const read = readFrame(message);
        expect(read.header).toEqual(written);
        expect(read.payload).toEqual(payload);
        expect(read.payload.buffer).toBe(message.buffer);
      }),
    );
  });

  it('lays its fields where the documentation says', () => {
    const bytes = Buffer.from(messageOf());
    expect(bytes.subarray(0, 12).toString('hex')).toBe('534601030020000000000006');
    expect(bytes.subarray(12, 20).toString('hex')).toBe('0002000200000007');
    expect(bytes.readBigUInt64BE(20)).toBe(1_764_000_000_000_125n);
    expect(bytes.readUInt32BE(28)).toBe(0xffff_ffff);
  });

  it.each([
    ['the magic number', 0, 0],
    ['the version', 2, 2],
    ['the length of the header', 5, 24],
    ['the reserved field', 7, 1],
    ['the length of the picture', 11, 5],
    ['the size of the picture', 13, 3],
  ])('says that %s is not what it must be', (_, offset, value) => {
    const message = messageOf();
    message[offset] = value;
    expect(() => readFrame(message)).toThrow(expect.objectContaining({ code: 'frame-header-invalid' }));
  });

  it.each([0, 6, 255])('says that %i is no format', (format) => {
    const message = messageOf();
    message[3] = format;
    expect(() => readFrame(message)).toThrow(expect.objectContaining({ code: 'frame-format-unsupported' }));
  });

  it('refuses every message that is cut short', () => {
    const message = messageOf();
    for (let length = 0; length < message.length; length++) {
      expect(() => readFrame(message.subarray(0, length))).toThrow(
        expect.objectContaining({ code: 'frame-header-invalid' }),
      );
    }
  });

  it('takes anything without throwing what is no error of ours', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          readFrame(bytes);
        } catch (error) {
          expect(error).toMatchObject({ name: 'SightlineError' });
        }
      }),
    );
  });
});
