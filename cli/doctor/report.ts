import type { Finding, FindingStatus } from './finding.ts';

const marks: Readonly<Record<FindingStatus, string>> = { ok: '✓', warning: '!', failed: '✗' };
/** SGR parameters of ECMA-48: green, yellow, red. */
const colours: Readonly<Record<FindingStatus, string>> = { ok: '32', warning: '33', failed: '31' };
/** Columns of the name of a step. */
const STEP_WIDTH = 13;

/** A finding as one or two lines, each with its line feed. */
export function formatFinding(finding: Finding<string>, coloured: boolean): string {
  const { step, status, code, text, remedy } = finding;
  const mark = coloured ? `\u001b[${colours[status]}m${marks[status]}\u001b[0m` : marks[status];
  const line = `  ${mark} ${step.padEnd(STEP_WIDTH)}${text}${code === undefined ? '' : ` [${code}]`}\n`;
  return remedy === undefined ? line : `${line}${' '.repeat(STEP_WIDTH + 4)}→ ${remedy}\n`;
}

/** The last line. */
export function formatSummary(findings: readonly Finding<string>[]): string {
  const count = (status: FindingStatus) => findings.filter((finding) => finding.status === status).length;
  const [wrong, doubtful] = [count('failed'), count('warning')];
  const parts = [
    wrong === 0 ? 'Nothing is wrong' : `${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong`,
    ...(doubtful === 0 ? [] : [`${doubtful} to look at`]),
  ];
  return `${parts.join(', ')}\n`;
}

/** Whether all is well enough for an exit status of 0. */
export function isWell(findings: readonly Finding<string>[]): boolean {
  return findings.every(({ status }) => status !== 'failed');
}

/** Everything for programs, with its line feed. */
export function formatJson(subject: string, findings: readonly Finding<string>[]): string {
  return `${JSON.stringify({ subject, ok: isWell(findings), findings }, undefined, 2)}\n`;
}
