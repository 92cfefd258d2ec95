import type { Plan } from 'segment-onesignal';
import { summaryOf } from 'segment-onesignal/testing';
import { renderTable, shorten, shortenStart } from '../print/table.js';
import type { Terminal } from '../terminal/terminal.js';

/** A row of the table of plans. */
export interface PlanRow {
  readonly place: string;
  readonly event: unknown;
  /** Or why the line cannot be read. */
  readonly plan: Plan | string;
}

/** A table with a row per event: where it is, what it is, and what would be sent. */
export function renderPlans(rows: readonly PlanRow[], terminal: Pick<Terminal, 'style' | 'columns'>): string {
  const cells = rows.map(
    ({ place, event, plan }) => [shortenStart(place, 32), shorten(nameOf(event), 24), plan] as const,
  );
  const taken = [0, 1].map((column) => Math.max(5, ...cells.map((row) => String(row[column]).length)));
  const width = Math.max(30, terminal.columns - (taken[0] ?? 0) - (taken[1] ?? 0) - 8);
  return renderTable(
    ['Line', 'Event', 'Plan'],
    cells.map(([place, name, plan]) => [place, name, paint(plan, shorten(textOf(plan), width), terminal.style)]),
    terminal,
  );
}

/** `Order Completed`, or the type of a call without a name. */
function nameOf(event: unknown): string {
  const [type, name]: unknown[] = ['type', 'event'].map((field) => Reflect.get(Object(event), field));
  if (typeof name === 'string' && name !== '') return name;
  return typeof type === 'string' ? type : '?';
}

/** `u1: + tag plan = "pro", ! traits.email: identifier`. */
function textOf(plan: PlanRow['plan']): string {
  if (typeof plan === 'string') return `unreadable: ${plan}`;
  const [head = '', ...lines] = summaryOf(plan).split('\n');
  return [head.replace('planned for ', ''), lines.join(', ')].filter((part) => part !== '').join(': ');
}

function paint(plan: PlanRow['plan'], text: string, style: Terminal['style']): string {
  if (typeof plan === 'string' || plan.status === 'failed') return style.bad(text);
  return plan.status === 'skipped' ? style.dim(text) : text;
}
