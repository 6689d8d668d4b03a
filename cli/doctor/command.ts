import { parseArgs } from 'node:util';
import { type Command, type CommandContext, UsageError } from '../command.ts';
import type { Finding, Findings } from './finding.ts';
import { localFindings } from './local/local-findings.ts';
import { formatFinding, formatJson, formatSummary, isWell } from './report.ts';
import { serverFindings } from './server/server-findings.ts';

const DEFAULT_TIMEOUT_SECONDS = 10;
const MAX_TIMEOUT_SECONDS = 300;

/** `sightline doctor`: looks at this machine, or at a running server by calling it, and says what is wrong. */
export const doctor: Command = {
  usage: 'doctor [--json] [--timeout SECONDS] [URL]',
  summary: 'says why Sightline does not start here, or why a call to the Sightline at URL does not come up',
  run,
};

async function run(args: readonly string[], { environment, output }: CommandContext): Promise<number> {
  const { url, json, timeoutMs } = parse(args);
  const subject = url === undefined ? 'this machine' : url.href;
  const findings =
    url === undefined
      ? localFindings(environment)
      : serverFindings(url, { key: environment['SIGHTLINE_KEY'] || undefined, timeoutMs });
  if (json) {
    const all = await Array.fromAsync(findings);
    output.write(formatJson(subject, all));
    return isWell(all) ? 0 : 1;
  }
  const coloured = output.isTTY === true && !environment['NO_COLOR'];
  output.write(`Sightline’s doctor looks at ${subject}\n`);
  const all = await tell(findings, (finding) => output.write(formatFinding(finding, coloured)));
  output.write(formatSummary(all));
  return isWell(all) ? 0 : 1;
}

async function tell(findings: Findings, write: (finding: Finding) => void): Promise<Finding[]> {
  const all: Finding[] = [];
  for await (const finding of findings) {
    all.push(finding);
    write(finding);
  }
  return all;
}

function parse(args: readonly string[]): { url: URL | undefined; json: boolean; timeoutMs: number } {
  const { values, positionals } = parsed(args);
  const seconds = Number(values.timeout ?? DEFAULT_TIMEOUT_SECONDS);
  if (!(seconds > 0 && seconds <= MAX_TIMEOUT_SECONDS)) {
    throw new UsageError(
      `Cannot wait: expected --timeout from 0 to ${MAX_TIMEOUT_SECONDS} seconds, found ${values.timeout}`,
    );
  }
  if (positionals.length > 1)
    throw new UsageError(`Cannot look at several servers: expected one URL, found ${positionals.length}`);
  const [text] = positionals;
  return {
    url: text === undefined ? undefined : parseUrl(text),
    json: values.json ?? false,
    timeoutMs: seconds * 1000,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { json: { type: 'boolean' }, timeout: { type: 'string' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The URL of a server as its paths are resolved against it. */
function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new UsageError(`Cannot call the server: expected an http: or https: URL, found ${text}`);
  url.hash = '';
  url.search = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}
