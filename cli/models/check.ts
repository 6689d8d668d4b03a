import type { CommandContext } from '../command.ts';
import { formatFinding, formatSummary, isWell } from '../doctor/report.ts';
import { checkFindings } from './check/check-findings.ts';
import type { ModelFinding } from './check/finding.ts';
import type { Proposal } from './check/propose.ts';
import type { CheckOptions } from './check/run-findings.ts';

/** How to check, and where to tell it. */
export interface CheckRequest extends CheckOptions {
  readonly json: boolean;
  readonly coloured: boolean;
  readonly output: CommandContext['output'];
}

/**
 * `sightline models check`: tells each finding as it is made, and in the end a manifest where there is none.
 *
 * @returns the exit status: 0 when nothing is wrong, 1 when something is
 */
export async function check(argument: string, request: CheckRequest): Promise<number> {
  const { json, coloured, output } = request;
  const all: ModelFinding[] = [];
  if (!json) output.write(`Sightline looks at ${argument}\n`);
  const findings = checkFindings(argument, request);
  let step = await findings.next();
  for (; !step.done; step = await findings.next()) {
    all.push(step.value);
    if (!json) output.write(formatFinding(step.value, coloured));
  }
  output.write(json ? asJson(argument, all, step.value) : formatSummary(all) + proposalInWords(step.value));
  return isWell(all) ? 0 : 1;
}

function asJson(subject: string, findings: readonly ModelFinding[], proposal: Proposal | undefined): string {
  const report = { subject, ok: isWell(findings), findings, ...(proposal && { proposal }) };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function proposalInWords(proposal: Proposal | undefined): string {
  if (proposal === undefined) return '';
  const json = JSON.stringify(proposal, undefined, 2).replace(/\[[^[\]{}]*\]/g, onOneLine);
  return `\nA manifest.json to begin with (correct id, labels and normalisation):\n${json}\n`;
}

/** Dimensions and labels would fill a screen. */
function onOneLine(list: string): string {
  return list.replace(/\n\s*/g, ' ').replace('[ ', '[').replace(' ]', ']');
}
