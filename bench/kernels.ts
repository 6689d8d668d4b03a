import { randomBytes } from 'node:crypto';
import { RtpHeader, SrtpSession } from 'werift';
import type { EncodedFrame } from '../peer/codec/encoder.ts';
import { NativeDecoder } from '../peer/codec/native/decoder.ts';
import { NativeEncoder } from '../peer/codec/native/encoder.ts';
import { NativeScaler } from '../peer/codec/native/scaler.ts';
import type { NativeVideoFrame } from '../peer/codec/native/video-frame.ts';
import { createPacketizer } from '../peer/rtp/packetizer.ts';
import { letterbox, type Size } from '../peer/vision/letterbox.ts';
import { footagePath, readFootage } from '../test/support/footage.ts';

/** CPU milliseconds a frame of what cannot be left out, each measured alone in a loop. */
export interface KernelCosts {
  readonly decode: number;
  readonly scale: number;
  readonly encode: number;
  /** Taking off the protection of one frame's packets, and protecting as many. */
  readonly srtp: number;
}

/** What the default detector looks at. */
const NETWORK = { width: 416, height: 416 };
const FRAMES = 600;
/** Fewer than this and the caches and the JIT compiler are still cold. */
const WARM_UP = 60;
/** AES_CM_128_HMAC_SHA1_80 (RFC 5764, section 4.1.2), what Chromium and the server agree on; its key and its salt. */
const SRTP_PROFILE = 1;
const KEY_BYTES = 16;
const SALT_BYTES = 14;

/** Measures them with H.264 on film of this size and bitrate (bits a second). */
export async function measureKernels(size: Size, bitrate: number): Promise<KernelCosts> {
  const film = await readFilm(size);
  try {
    const coded: EncodedFrame[] = [];
    const encode = await measureEncode(film, size, bitrate, coded);
    return {
      encode,
      decode: await measureDecode(coded),
      scale: await measureScale(film, size),
      srtp: await measureSrtp(coded),
    };
  } finally {
    for (const frame of film) frame.close();
  }
}

/** The film forwards and then backwards, so that it has no cut where it begins again. */
async function readFilm(size: Size): Promise<NativeVideoFrame[]> {
  const path = footagePath('asl_milk.mkv');
  if (path === undefined) throw new Error('Cannot find the footage asl_milk.mkv');
  const frames: NativeVideoFrame[] = [];
  for await (const frame of readFootage(path, size)) frames.push(frame);
  return [...frames, ...frames.slice(1, -1).reverse()];
}

async function measureEncode(
  film: readonly NativeVideoFrame[],
  size: Size,
  bitrate: number,
  coded: EncodedFrame[],
): Promise<number> {
  using encoder = await NativeEncoder.open({ codec: 'H264', ...size, bitrate, frameRate: 30, threads: 1 });
  return await cpuPerTurn(async (turn) => {
    const source = film[turn % film.length];
    if (!source) return;
    const encoded = await encoder.encode(source, { keyframe: turn === 0 });
    if (encoded) coded.push(encoded);
  });
}

async function measureDecode(coded: readonly EncodedFrame[]): Promise<number> {
  using decoder = await NativeDecoder.open('H264', { threads: 1 });
  return await cpuPerTurn(async (turn) => {
    const unit = coded[turn];
    if (unit) (await decoder.decode({ data: unit.data, timestamp: turn * 3000 }))?.close();
  });
}

async function measureScale(film: readonly NativeVideoFrame[], size: Size): Promise<number> {
  using scaler = new NativeScaler();
  const { scaledWidth, scaledHeight } = letterbox(size, NETWORK, 'letterbox');
  const target = new Uint8Array(NETWORK.width * NETWORK.height * 3);
  return await cpuPerTurn(async (turn) => {
    const frame = film[turn % film.length];
    if (frame) await scaler.scale(frame, scaledWidth, scaledHeight, target, NETWORK.width * 3);
  });
}

async function measureSrtp(coded: readonly EncodedFrame[]): Promise<number> {
  const packetizer = createPacketizer('H264');
  const secret = () => [randomBytes(KEY_BYTES), randomBytes(SALT_BYTES)] as const;
  const [[localMasterKey, localMasterSalt], [remoteMasterKey, remoteMasterSalt]] = [secret(), secret()];
  const near = { localMasterKey, localMasterSalt, remoteMasterKey, remoteMasterSalt };
  const far = {
    localMasterKey: remoteMasterKey,
    localMasterSalt: remoteMasterSalt,
    remoteMasterKey: localMasterKey,
    remoteMasterSalt: localMasterSalt,
  };
  const sender = new SrtpSession({ keys: near, profile: SRTP_PROFILE });
  const receiver = new SrtpSession({ keys: far, profile: SRTP_PROFILE });
  let sequenceNumber = 0;
  return cpuPerTurn((turn) => {
    for (const { payload, marker } of packetizer.packetize(coded[turn]?.data ?? new Uint8Array())) {
      sequenceNumber = (sequenceNumber + 1) & 0xffff;
      const header = new RtpHeader({
        payloadType: 96,
        sequenceNumber,
        timestamp: turn * 3000,
        marker,
        ssrc: 1,
      });
      receiver.decrypt(sender.encrypt(Buffer.from(payload), header));
    }
  });
}

/** Milliseconds of this process's CPU for a turn, all threads together. */
async function cpuPerTurn(work: (turn: number) => Promise<void> | void): Promise<number> {
  let before = process.cpuUsage();
  for (let turn = 0; turn < FRAMES; turn++) {
    if (turn === WARM_UP) before = process.cpuUsage();
    await work(turn);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / (FRAMES - WARM_UP);
}
