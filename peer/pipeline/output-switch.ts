import type { Output } from '../../protocol/session.ts';
import type { AccessUnit } from '../rtp/packet.ts';
import { timestampDistance } from '../rtp/sequence.ts';

/** What has to happen so that a change of the output takes effect. */
export interface SwitchNeeds {
  /** The camera must send a key frame: its own picture cannot begin without one. */
  readonly cameraKeyframe: boolean;
  /** The encoder must make a key frame. */
  readonly encoderKeyframe: boolean;
}

/**
 * Decides for each frame whether the camera's own picture goes out, or the annotated one, so that the outgoing stream
 * stays one stream: a change takes effect at a key frame, and timestamps never go back.
 */
export class OutputSwitch {
  #wanted: Output;
  #current: Output;
  #lastSent: number | undefined;

  constructor(output: Output) {
    this.#wanted = output;
    // Before the first key frame of the camera there is nothing to show either way.
    this.#current = output;
  }

  get wanted(): Output {
    return this.#wanted;
  }

  get current(): Output {
    return this.#current;
  }

  /** Changes what is to go out. The camera's own picture begins with its next key frame, the others at once. */
  set(output: Output): SwitchNeeds {
    const before = this.#current;
    this.#wanted = output;
    if (output !== 'passthrough') this.#current = output;
    return {
      cameraKeyframe: output === 'passthrough' && before !== 'passthrough',
      encoderKeyframe: output === 'annotated' && before !== 'annotated',
    };
  }

  /** Whether this whole frame of the camera goes out as it came. */
  forwards({ keyframe, timestamp }: Pick<AccessUnit, 'keyframe' | 'timestamp'>): boolean {
    if (this.#wanted === 'passthrough' && keyframe) this.#current = 'passthrough';
    return this.#current === 'passthrough' && this.#isNewer(timestamp);
  }

  /** Whether the decoded frame of this timestamp is to be annotated, or what was made of it to be sent. */
  annotates(timestamp: number): boolean {
    return this.#current === 'annotated' && this.#isNewer(timestamp);
  }

  sent(timestamp: number): void {
    this.#lastSent = timestamp;
  }

  #isNewer(timestamp: number): boolean {
    return this.#lastSent === undefined || timestampDistance(this.#lastSent, timestamp) > 0;
  }
}
