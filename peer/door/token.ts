import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What signaling shows to this door and nobody else knows. Made anew at each start. */
export class DoorToken {
  readonly value = randomBytes(32).toString('base64url');
  readonly #digest = digest(this.value);

  /** Whether a request carries it as `Authorization: Bearer` (RFC 6750); takes as long whatever it carries. */
  isIn({ headers }: IncomingMessage): boolean {
    const found = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
    return timingSafeEqual(digest(found), this.#digest);
  }
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
