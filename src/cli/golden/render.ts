import type { GoldenFile } from 'segment-onesignal/testing';
import type { Style } from '../terminal/style.js';
import type { Terminal } from '../terminal/terminal.js';

/** The result of a golden file, with its difference. */
export function goldenLines(
  { name, status, problem }: GoldenFile,
  { style, cwd }: Pick<Terminal, 'style' | 'cwd'>,
): string[] {
  if (problem === undefined) return [`${style.good('✓')} ${name}${status === 'equal' ? '' : ` (${status})`}`];
  const [message = '', ...difference] = forCommandLine(problem, cwd).split('\n');
  return [
    `${style.bad('✗')} ${name}: ${status}`,
    `  ${message}`,
    ...difference.map((line) => `  ${paint(line, style)}`),
  ];
}

/** The kit speaks to test runners, and was given absolute paths. */
function forCommandLine(problem: string, cwd: string): string {
  return problem
    .replaceAll(`${cwd}/`, '')
    .replace(/run the tests with UPDATE_GOLDEN=1/i, (advice) =>
      advice.startsWith('R') ? 'Run this command with --update' : 'run this command with --update',
    );
}

function paint(line: string, style: Style): string {
  if (line.startsWith('+ ')) return style.good(line);
  return line.startsWith('- ') ? style.bad(line) : style.dim(line);
}

/** `3 equal, 1 different`. */
export function summaryLine(results: readonly GoldenFile[]): string {
  const counts = new Map<string, number>();
  for (const { status } of results) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
}
