import { lookup } from 'node:dns/promises';
import { realpath } from 'node:fs/promises';
import { isIP } from 'node:net';
import { isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SightlineError } from '../../protocol/errors.ts';
import { isPrivateAddress } from './private-addresses.ts';

/** What the operator lets callers name as a source. */
export interface SourceRules {
  /** Schemes of URLs, without the colon. */
  readonly schemes: readonly string[];
  /** Host names, `*.example` for all below one, and addresses; every public host where empty. */
  readonly hosts: readonly string[];
  /** Whether hosts of private networks and of this machine may be named. */
  readonly privateHosts: boolean;
  /** The folder that files may lie in; none may be named without it. */
  readonly directory: string | undefined;
}

/** Where a source that may be read is. */
export type AllowedSource =
  | { readonly kind: 'file'; readonly path: string }
  /** `address` is what the name of the host stood for when it was looked at: nothing else may be connected to. */
  | { readonly kind: 'stream'; readonly url: URL; readonly address: string };

/** Looks up the addresses of a host; the system's resolver where left out. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/**
 * Whether a caller may have this source read (server-side request forgery: CWE-918).
 * @param source a URL, or the name of a file below the operator's folder
 * @throws SightlineError `source-invalid`, `source-refused`, `source-unreadable` where its name stands for no address
 */
export async function allowSource(
  source: string,
  rules: SourceRules,
  resolveHost: Resolve = systemResolve,
): Promise<AllowedSource> {
  const url = parse(source);
  if (url === undefined || url.protocol === 'file:') {
    return { kind: 'file', path: await allowFile(url === undefined ? source : pathOf(url), rules) };
  }
  const scheme = url.protocol.slice(0, -1);
  if (!rules.schemes.includes(scheme)) {
    throw refused(`expected one of the schemes ${rules.schemes.join(', ')}, found ${scheme}`);
  }
  return { kind: 'stream', url, address: await allowHost(url.hostname, rules, resolveHost) };
}

function parse(source: string): URL | undefined {
  if (source.length === 0 || source.length > 2048 || /\p{Cc}/u.test(source)) {
    throw invalid('expected a URL or the name of a file, of 1 to 2048 characters and none of control');
  }
  if (!/^[a-z][a-z0-9+.-]*:/i.test(source)) return undefined;
  if (!URL.canParse(source)) throw invalid('expected a URL, found something that looks like one');
  return new URL(source);
}

function pathOf(url: URL): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw invalid('expected a file URL of this machine', cause);
  }
}

async function allowFile(name: string, { directory }: SourceRules): Promise<string> {
  if (directory === undefined) {
    throw refused(
      'expected the URL of a stream, found a file; SIGHTLINE_SOURCE_DIR names a folder to read files from',
    );
  }
  // FFmpeg would read no further than to there, and so another file than the one that is looked at.
  if (name.includes('\0')) throw invalid('expected the name of a file, found one with a NUL in it');
  const root = await realpath(directory);
  const path = await realpath(resolve(root, name)).catch(() => resolve(root, name));
  const below = relative(root, path);
  if (below === '' || below.startsWith('..') || isAbsolute(below)) {
    throw refused('expected a file in the folder that the operator has set aside, found one elsewhere');
  }
  return path;
}

/** @returns the address to connect to */
async function allowHost(bracketed: string, rules: SourceRules, resolveHost: Resolve): Promise<string> {
  const host = bracketed.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (host === '') throw invalid('expected a URL with a host, found none');
  if (rules.hosts.length > 0 && !rules.hosts.some((allowed) => covers(allowed.toLowerCase(), host))) {
    throw refused(`expected a host that the operator allows, found ${host}`);
  }
  const addresses = isIP(host) ? [host] : await resolveHost(host).catch(() => []);
  const [address] = addresses;
  if (address === undefined) {
    throw new SightlineError('source-unreadable', `Cannot read the source: no address is known of ${host}`);
  }
  // Of all of them: which one a library would take cannot be known.
  if (!rules.privateHosts && addresses.some(isPrivateAddress)) {
    throw refused(
      `expected a host of the public Internet, found ${host}, which is of a private network or this machine; SIGHTLINE_SOURCE_PRIVATE=1 allows them`,
    );
  }
  return address;
}

function covers(allowed: string, host: string): boolean {
  return allowed.startsWith('*.') ? host.endsWith(allowed.slice(1)) : host === allowed;
}

async function systemResolve(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

function refused(found: string): SightlineError {
  return new SightlineError('source-refused', `Cannot read the source: ${found}`);
}

function invalid(found: string, cause?: unknown): SightlineError {
  return new SightlineError('source-invalid', `Cannot read the source: ${found}`, { cause });
}
