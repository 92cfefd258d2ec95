import type { Outcome } from 'segment-onesignal';
import { printable } from '../print/words.js';
import type { Style } from '../terminal/style.js';

/** An event that was received. */
export interface SeenEvent {
  readonly event: unknown;
  /** `undefined` while it is delivered again. */
  outcome: Outcome | undefined;
  /** Unix milliseconds. */
  readonly at: number;
  deliveries: number;
}

/** What is shown of the events. */
export interface View {
  readonly title: string;
  readonly selected: number;
  readonly isDetailed: boolean;
  readonly columns: number;
  readonly rows: number;
}

const help = '↑↓ select · d details · r deliver again · q quit';

/** The lines of the view, each as wide as the terminal at most. */
export function renderView(events: readonly SeenEvent[], view: View, style: Style): string[] {
  const { title, selected, isDetailed, columns, rows } = view;
  const shorten = (text: string): string => (text.length < columns ? text : `${text.slice(0, columns - 2)}…`);
  const room = Math.max(rows - 4, 3);
  const listed = isDetailed ? Math.min(5, room) : room;
  const first = Math.max(0, Math.min(selected - listed + 1, events.length - listed), selected - listed + 1);
  const list = events.slice(first, first + listed).map((seen, index) => {
    const line = shorten(`${first + index === selected ? '›' : ' '} ${lineOf(seen)}`);
    return paint(seen.outcome, style)(line);
  });
  const empty = events.length === 0 ? [style.dim(shorten('Waiting for events.'))] : [];
  const chosen = events[selected];
  const details =
    isDetailed && chosen !== undefined
      ? detailsOf(chosen)
          .slice(0, room - list.length)
          .map(shorten)
      : [];
  return [style.bold(shorten(title)), ...empty, ...list, ...details, style.dim(shorten(help))];
}

function lineOf({ event, outcome, at, deliveries }: SeenEvent): string {
  const { type, event: name, userId } = Object(event);
  const what = [type, type === 'track' ? name : undefined]
    .filter((part) => part !== undefined)
    .map(printable)
    .join(' ');
  const time = new Date(at).toLocaleTimeString('en-GB');
  const again = deliveries > 1 ? ` (${deliveries} times)` : '';
  return `${time}  ${resultOf(outcome).padEnd(26)} ${what}  ${printable(userId ?? '')}${again}`;
}

function resultOf(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'delivering';
  if (outcome.status === 'delivered') return 'delivered';
  return `${outcome.status} ${outcome.status === 'skipped' ? outcome.reason : outcome.error.code}`;
}

function detailsOf({ event, outcome }: SeenEvent): string[] {
  const text = `${JSON.stringify(outcome, undefined, 2)}\n${JSON.stringify(event, undefined, 2)}`;
  return ['', ...text.split('\n').map(printable)];
}

function paint(outcome: Outcome | undefined, style: Style): (text: string) => string {
  if (outcome === undefined) return style.dim;
  return { delivered: style.good, skipped: style.dim, retryable: style.warn, failed: style.bad }[outcome.status];
}
