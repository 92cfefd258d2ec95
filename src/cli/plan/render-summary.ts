import { renderTable, shorten, shortenStart } from '../print/table.js';
import { countText, durationText, numberText } from '../print/words.js';
import type { Terminal } from '../terminal/terminal.js';
import type { PlanSummary } from './plan-report.js';
import { batchEvents } from './request-counter.js';
import type { Occurrence } from './tally.js';

const maxTagRows = 40;
type Screen = Pick<Terminal, 'style' | 'columns'>;

/** The summary as text: what the events would do to the account. */
export function renderSummary(summary: PlanSummary, tagLimit: number | undefined, screen: Screen): string {
  const sections = [
    ['Events', eventTable(summary, screen)],
    ['Skipped', occurrenceTable(['Reason', 'Events'], summary.skipped, screen)],
    ['Failed', failureLines(summary.failed, screen)],
    ['Dropped fields', occurrenceTable(['Reason', 'Fields'], summary.dropped, screen)],
    ['Tags', tagTable(summary, screen)],
    ['Besides tags', otherTable(summary, screen)],
    ['Users', userLines(summary, tagLimit).join('\n')],
    ['Requests', requestTable(summary, screen)],
  ];
  return sections
    .filter(([, text]) => text !== '')
    .map(([title = '', text = '']) => `${screen.style.bold(title)}\n${text}\n`)
    .join('\n');
}

function eventTable({ types, events }: PlanSummary, screen: Screen): string {
  const rows = [...types].map(([type, { planned, skipped, failed }]) =>
    [type, planned + skipped + failed, planned, skipped, failed].map(cell),
  );
  const total = ['planned', 'skipped', 'failed'] as const;
  const sums = total.map((status) => [...types.values()].reduce((sum, counts) => sum + counts[status], 0));
  const all = rows.length > 1 ? [['total', events, ...sums].map(cell)] : [];
  return renderTable(['Type', 'Events', 'Planned', 'Skipped', 'Failed'], [...rows, ...all], screen, [
    'left',
    'right',
    'right',
    'right',
    'right',
  ]);
}

function occurrenceTable(
  [name, noun]: readonly [string, string],
  occurrences: readonly [string, Occurrence][],
  screen: Screen,
): string {
  if (occurrences.length === 0) return '';
  const details = occurrences.map(([, { detail = '' }]) => shorten(detail, 40));
  const taken = [occurrences.map(([value]) => value), details].map(longestOf);
  // Two spaces before each column, and room for the number.
  const width = Math.max(30, screen.columns - taken.reduce((sum, length) => sum + length, 18));
  const rows = occurrences.map(([value, { count, place }], row) => [
    value,
    cell(count),
    shortenStart(place, width),
    details[row] ?? '',
  ]);
  return renderTable([name, noun, 'First in', ''], rows, screen, ['left', 'right']);
}

/** Messages have a line of their own, because they say what to do. */
function failureLines(failed: readonly [string, Occurrence][], { style }: Screen): string {
  return failed
    .map(([code, { count, place, detail = '' }]) => {
      const where = style.dim(`first in ${place}`);
      return `  ${style.bad(code)}  ${countText(count, 'event')}, ${where}\n    ${detail}`;
    })
    .join('\n');
}

function tagTable({ tags, hasMoreTags, isExact }: PlanSummary, screen: Screen): string {
  if (tags.length === 0) return '';
  const sorted = [...tags].sort((one, other) => other.users - one.users);
  const width = Math.max(20, screen.columns - 50);
  const rows = sorted
    .slice(0, maxTagRows)
    .map(({ key, users, examples }) => [
      shorten(key, 40),
      about(users, isExact),
      shorten(examples.map((example) => JSON.stringify(example)).join(', ') || '(removed)', width),
    ]);
  const rest = tags.length - rows.length;
  const note = rest <= 0 ? '' : `\n  … and ${hasMoreTags ? 'at least ' : ''}${countText(rest, 'tag')} more`;
  return `${renderTable(['Key', 'Users', 'Examples'], rows, screen, ['left', 'right'])}${note}`;
}

function otherTable({ others }: PlanSummary, screen: Screen): string {
  if (others.length === 0) return '';
  const width = Math.max(20, screen.columns - 30);
  const rows = others.map(({ name, count, examples }) => [name, cell(count), shorten(examples.join(', '), width)]);
  return renderTable(['What', 'Count', ''], rows, screen, ['left', 'right']);
}

function userLines({ users, mostTags, usersOverLimit, isExact }: PlanSummary, tagLimit: number | undefined): string[] {
  if (users === 0) return [];
  const total = `  ${about(users, isExact)} ${users === 1 ? 'user' : 'users'}, with up to ${countText(mostTags, 'tag')} each`;
  if (tagLimit === undefined) return [total];
  return [total, `  ${about(usersOverLimit, isExact)} with more than ${countText(tagLimit, 'tag')}`];
}

function requestTable({ requests, events, isExact }: PlanSummary, screen: Screen): string {
  if (events === 0) return '';
  const row = (how: string, { count, seconds }: PlanSummary['requests']['single'], isCounted = true) => [
    how,
    about(count, isCounted),
    durationText(seconds),
  ];
  const rows = [
    row('each event by itself', requests.single),
    row(`merged within ${numberText(batchEvents)} events`, requests.merged),
    row("merged, delivery.unchanged: 'skip'", requests.unchanged, isExact),
  ];
  return renderTable(['How', 'Requests', "Time at OneSignal's limits"], rows, screen, ['left', 'right', 'right']);
}

function about(count: number, isExact: boolean): string {
  return `${isExact ? '' : '≈ '}${numberText(count)}`;
}

function longestOf(texts: readonly string[]): number {
  return Math.max(...texts.map(({ length }) => length));
}

function cell(value: string | number): string {
  return typeof value === 'number' ? numberText(value) : value;
}
