const STORED_AS = 'sightline-key';

/**
 * The key of the server: from the address (`#key=…`), which it is then removed from so that it is not copied along, or
 * from earlier in this tab.
 */
export function takeKey(): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get('key');
  if (given) {
    keepKey(given);
    history.replaceState(history.state, '', location.pathname + location.search);
  }
  return sessionStorage.getItem(STORED_AS) ?? undefined;
}

/** Keeps a key for as long as this tab is open. */
export function keepKey(key: string): void {
  sessionStorage.setItem(STORED_AS, key);
}
