import { opusFormat } from '../../codec/media-audio.ts';
import type { FrameRecord } from '../../pipeline/frame-record.ts';
import { timestampDistance } from '../../rtp/sequence.ts';
import type { ReportClock } from '../../transport/relayed-clock.ts';
import type { SoundPacket } from '../../transport/sound-feed.ts';
import { LeastDelayed } from './least-delayed.ts';
import { opusDuration } from './opus-duration.ts';
import type { SessionSound, TimedSound } from './session-sound.ts';

const SOUND_RATE = 48_000;
const PICTURE_RATE = 90_000;
/** How often the two clocks are compared, and how many times before anything is moved. */
const COMPARE_MS = 500;
const COMPARISONS = 5;
/** Nobody notices less (ITU-R BT.1359 has 45 ms as the least), and each move is a gap or an overlap. */
const TOLERANCE_SECONDS = 0.025;
/** Reports that lead further from the times of arrival are wrong. */
const IMPLAUSIBLE_SECONDS = 2;

/** The same moment on both clocks: RTP timestamps. */
interface Moment {
  readonly sound: number;
  readonly picture: number;
}

export interface CallSoundOptions {
  readonly sound: {
    readonly clock: ReportClock;
    listen(listener: (packet: SoundPacket) => void): () => void;
  };
  readonly pictureClock: ReportClock;
}

/**
 * The microphone of a call, put on the clock of its camera: by their sender reports (RFC 3550, section 6.4.1) once both
 * are there, and by when their packets came before that.
 */
export class CallSound implements SessionSound {
  readonly format = opusFormat();
  readonly #options: CallSoundOptions;
  readonly #sounds = new LeastDelayed(SOUND_RATE);
  readonly #pictures = new LeastDelayed(PICTURE_RATE);
  readonly #offsets: number[] = [];
  #moment: Moment | undefined;
  #comparedAt = Number.NEGATIVE_INFINITY;

  constructor(options: CallSoundOptions) {
    this.#options = options;
  }

  listen(listener: (packet: TimedSound) => void): () => void {
    return this.#options.sound.listen(({ payload, timestamp }) => {
      const now = performance.now();
      this.#sounds.push({ timestamp, at: now });
      const picture = this.#follow(timestamp, now);
      if (picture === undefined) return;
      listener({ data: payload, timestamp: picture, durationSeconds: opusDuration(payload) });
    });
  }

  onPicture({ timestamp, arrivedAt }: FrameRecord): void {
    this.#pictures.push({ timestamp, at: arrivedAt });
  }

  /** @returns timestamp of the picture at the same moment; undefined before there is one */
  #follow(sound: number, now: number): number | undefined {
    const arrived = this.#byArrival();
    if (arrived === undefined) return undefined;
    this.#moment ??= this.#byReports(now, arrived) ?? arrived;
    if (now - this.#comparedAt >= COMPARE_MS) this.#compare(this.#moment, arrived, now);
    // Moved along, so that neither distance ever comes near half of the range.
    this.#moment = { sound, picture: pictureAt(this.#moment, sound) };
    return this.#moment.picture;
  }

  #compare(moment: Moment, arrived: Moment, now: number): void {
    this.#comparedAt = now;
    this.#offsets.push(secondsBetween(moment, this.#byReports(now, arrived) ?? arrived));
    if (this.#offsets.length < COMPARISONS) return;
    const median = this.#offsets.toSorted((one, other) => one - other)[COMPARISONS >> 1] ?? 0;
    this.#offsets.shift();
    if (Math.abs(median) <= TOLERANCE_SECONDS) return;
    this.#offsets.length = 0;
    this.#moment = { ...moment, picture: (moment.picture + Math.round(median * PICTURE_RATE)) >>> 0 };
  }

  #byReports(now: number, arrived: Moment): Moment | undefined {
    const unixMs = performance.timeOrigin + now;
    const sound = this.#options.sound.clock.at(now, unixMs);
    const picture = this.#options.pictureClock.at(now, unixMs);
    if (sound === undefined || picture === undefined) return undefined;
    const later = Number(sound.ntpTimestamp - picture.ntpTimestamp) / 2 ** 32;
    const ticks = Math.round(later * PICTURE_RATE);
    const moment = { sound: sound.rtpTimestamp, picture: (picture.rtpTimestamp + ticks) >>> 0 };
    return Math.abs(secondsBetween(arrived, moment)) < IMPLAUSIBLE_SECONDS ? moment : undefined;
  }

  #byArrival(): Moment | undefined {
    const sound = this.#sounds.best;
    const picture = this.#pictures.best;
    if (sound === undefined || picture === undefined) return undefined;
    const ticks = Math.round(((sound.at - picture.at) * PICTURE_RATE) / 1000);
    return { sound: sound.timestamp, picture: (picture.timestamp + ticks) >>> 0 };
  }
}

function pictureAt(moment: Moment, sound: number): number {
  const ticks = (timestampDistance(moment.sound, sound) * PICTURE_RATE) / SOUND_RATE;
  return (moment.picture + Math.round(ticks)) >>> 0;
}

/** How much later the second has the picture of a sound. */
function secondsBetween(one: Moment, other: Moment): number {
  return timestampDistance(pictureAt(one, other.sound), other.picture) / PICTURE_RATE;
}
