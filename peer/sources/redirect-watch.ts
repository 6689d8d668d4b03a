const PROTOCOL = 'RTSP/';
/** Clients read no longer lines. */
const LONGEST_STATUS = 8192;
const [NEWLINE, RETURN, BLANK, TAB] = ['\n', '\r', ' ', '\t'];

/**
 * Looks for a redirection in the answers of an RTSP server (RFC 2326, section 7.1.1): the status 3xx, wherever a status
 * line may stand. It reads as generously as clients do, so that none sees a redirection that this does not.
 */
export class RedirectWatch {
  /** Characters of the protocol's name that have come. */
  #matched = 0;
  #at: 'elsewhere' | 'version' | 'gap' | 'status' = 'elsewhere';
  #status = '';

  /** @param text the next characters, one a byte @returns whether there is a redirection among them */
  push(text: string): boolean {
    for (const character of text) if (this.#next(character)) return true;
    return false;
  }

  #next(character: string): boolean {
    // Clients leave it out wherever it stands.
    if (character === RETURN) return false;
    const isBlank = character === BLANK || character === TAB;
    const ended = this.#at === 'status' && (isBlank || character === NEWLINE) && isRedirect(this.#status);
    this.#follow(character, isBlank);
    this.#match(character);
    return ended;
  }

  #follow(character: string, isBlank: boolean): void {
    if (character === NEWLINE) this.#at = 'elsewhere';
    else if (this.#at === 'version' && isBlank) this.#at = 'gap';
    else if (this.#at === 'gap' && !isBlank) [this.#at, this.#status] = ['status', character];
    else if (this.#at === 'status' && isBlank) this.#at = 'elsewhere';
    else if (this.#at === 'status' && this.#status.length < LONGEST_STATUS) this.#status += character;
  }

  #match(character: string): void {
    const fits = character.toUpperCase() === PROTOCOL[this.#matched];
    if (fits) this.#matched += 1;
    else this.#matched = character.toUpperCase() === PROTOCOL[0] ? 1 : 0;
    if (this.#matched < PROTOCOL.length) return;
    this.#matched = 0;
    this.#at = 'version';
  }
}

function isRedirect(word: string): boolean {
  const status = Number.parseInt(word, 10);
  return status >= 300 && status < 400;
}
