import type { Outcome } from 'segment-onesignal';
import type { Sandbox, SandboxSegment } from 'segment-onesignal/sandbox';
import type { Line } from './read-events.js';

const columns = 80;
const colors = { delivered: 32, skipped: 33, retryable: 35, failed: 31 } as const;
type Status = keyof typeof colors;

const isColored = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
const paint = (code: number, text: string): string => (isColored ? `\u001b[${code}m${text}\u001b[0m` : text);
const dim = (text: string): string => paint(2, text);
const write = (text = ''): void => void process.stdout.write(`${text}\n`);

export function printTitle(title: string): void {
  write(`\n${paint(1, title)} ${dim('─'.repeat(columns - title.length - 1))}`);
}

/**
 * Prints ` 12 track    Order Completed  ada      delivered update_user`, followed by the dropped fields and warnings.
 */
export function printOutcome(line: Line, outcome: Outcome | undefined): void {
  const event = 'event' in line ? fieldsOf(line.event) : {};
  const status: Status = outcome?.status ?? 'failed';
  const name = textOf(event.event ?? event.name);
  const cells = [cut(textOf(event.type), 8), cut(name, 16), cut(textOf(event.userId), 8)];
  const head = `${String(line.number).padStart(3)} ${cells.join(' ')} `;
  write(`${head}${paint(colors[status], status.padEnd(9))} ${wrap(detailOf(line, outcome), head.length + 10)}`);
  for (const text of lossesOf(outcome)) write(`    ${dim(wrap(text, 6))}`);
}

function detailOf(line: Line, outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'problem' in line ? line.problem : 'No outcome';
  switch (outcome.status) {
    case 'delivered':
      return outcome.applied.join(', ');
    case 'skipped':
      return outcome.reason;
    case 'retryable':
    case 'failed':
      return outcome.error.message;
  }
}

function lossesOf(outcome: Outcome | undefined): string[] {
  if (outcome === undefined) return [];
  const byReason = new Map<string, string[]>();
  for (const { path, reason } of outcome.dropped) byReason.set(reason, [...(byReason.get(reason) ?? []), path]);
  return [
    ...[...byReason].map(([reason, paths]) => `dropped ${paths.join(', ')}: ${reason}`),
    ...outcome.warnings.map(({ message }) => `warning ${message}`),
  ];
}

export function printUsers(sandbox: Sandbox): void {
  printTitle('Users and their tags');
  for (const { externalId, tags } of sandbox.users()) {
    const list = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
    write(`${cut(externalId, 9)} ${wrap(list.length === 0 ? dim('no tags') : list.join('  '), 10)}`);
  }
}

export function printSegments(sandbox: Sandbox): void {
  printTitle('Segments and their members');
  const segments = sandbox.segments();
  if (segments.length === 0) write(dim('none'));
  for (const { name, filters, members } of segments) {
    const condition = filters.map(({ key, relation, value }) => `${key} ${relation} ${value}`).join(' and ');
    write(`${cut(name, 22)} ${dim(cut(condition, 32))} ${wrap(members.join(', ') || dim('no members'), 56)}`);
  }
}

export function printTotals(outcomes: readonly (Outcome | undefined)[], sandbox: Sandbox): void {
  printTitle('Events and requests');
  const counts = new Map<Status, number>();
  for (const outcome of outcomes) {
    const status = outcome?.status ?? 'failed';
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  const parts = [...counts].map(([status, count]) => paint(colors[status], `${count} ${status}`));
  write([counted(outcomes.length, 'event'), parts.join(', ')].filter((part) => part !== '').join(': '));
  write(`${counted(sandbox.requests().length, 'request')} to OneSignal`);
}

/** Prints how a Segment audience became a message, and the message became Segment tracks. */
export function printRoundTrip(
  { name, filters, members }: SandboxSegment,
  tracks: readonly unknown[],
  outcomes: readonly Outcome[],
): void {
  printTitle('From OneSignal back to Segment');
  const [{ key, value } = { key: '', value: '' }] = filters;
  write(`${cut('tag from Segment', 20)} ${key} = ${value}`);
  write(`${cut('push to the segment', 20)} ${wrap(`${name}: ${members.join(', ')}`, 21)}`);
  for (const track of tracks) {
    const { event, userId, properties } = fieldsOf(track);
    const { message_title: title } = fieldsOf(properties);
    write(`${cut('track in Segment', 20)} ${cut(textOf(event), 14)} ${cut(textOf(userId), 9)} ${dim(textOf(title))}`);
  }
  for (const outcome of outcomes) {
    const detail = outcome.status === 'skipped' ? outcome.reason : '';
    write(`${cut('and to OneSignal?', 20)} ${paint(colors[outcome.status], outcome.status)} ${detail}`);
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function fieldsOf(event: unknown): Record<string, unknown> {
  return typeof event === 'object' && event !== null ? { ...event } : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '–';
}

/** Truncates or pads a string to exactly `width` columns. */
function cut(text: string, width: number): string {
  const line = text.replace(/\p{Cc}/gu, ' ');
  return line.length > width ? `${line.slice(0, width - 1)}…` : line.padEnd(width);
}

/** Wraps a string at spaces to fit the terminal, with an indent from the second line on. */
function wrap(text: string, indent: number): string {
  const lines: string[] = [''];
  for (const word of text.replace(/\p{Cc}/gu, isColored ? '$&' : ' ').split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && indent + line.length + word.length >= columns) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => line.trimEnd()).join(`\n${' '.repeat(indent)}`);
}
