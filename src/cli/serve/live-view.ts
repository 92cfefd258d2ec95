import type { Deliverer, Outcome } from 'segment-onesignal';
import type { Terminal } from '../terminal/terminal.js';
import { renderView, type SeenEvent } from './render-view.js';

/** Shows the last events in a terminal. */
export interface LiveView {
  add(event: unknown, outcome: Outcome): void;
  stop(): void;
}

const keptEvents = 200;
const redrawMs = 100;
const [hideCursor, showCursor, clearBelow] = ['\u001b[?25l', '\u001b[?25h', '\u001b[J'];

/**
 * Draws the view over itself until it is stopped. Keys: ↑ and ↓ select, `d` shows details, `r` delivers again, `q` ends.
 *
 * @param title - The line above the events.
 * @param onQuit - Called for `q` and Ctrl-C, which is a key while the terminal is raw.
 */
export function startLiveView(terminal: Terminal, destination: Deliverer, title: string, onQuit: () => void): LiveView {
  const { stdin, stdout } = terminal;
  const events: SeenEvent[] = [];
  const view = { title, selected: 0, isDetailed: false };
  let height = 0;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  const draw = (): void => {
    timer = undefined;
    const lines = renderView(events, { ...view, columns: terminal.columns, rows: terminal.rows ?? 24 }, terminal.style);
    stdout.write(`${height > 1 ? `\u001b[${height - 1}A` : ''}\r${clearBelow}${lines.join('\n')}`);
    height = lines.length;
  };
  const change = (): void => {
    if (!isStopped) timer ??= setTimeout(draw, redrawMs);
  };
  const deliverAgain = async (): Promise<void> => {
    const seen = events[view.selected];
    if (seen === undefined) return;
    seen.outcome = undefined;
    change();
    const [outcome] = await destination.deliver([seen.event]);
    seen.outcome = outcome;
    seen.deliveries++;
    change();
  };
  const press = (key: string): void => {
    if (key === 'q' || key === '\u0003') onQuit();
    else if (key === 'r') void deliverAgain();
    else if (key === 'd') view.isDetailed = !view.isDetailed;
    else if (key === '\u001b[A') view.selected = Math.max(view.selected - 1, 0);
    else if (key === '\u001b[B') view.selected = Math.min(view.selected + 1, Math.max(events.length - 1, 0));
    change();
  };
  stdin.setRawMode?.(true);
  stdout.write(hideCursor);
  void readKeys(stdin, press);
  draw();
  return {
    add(event, outcome) {
      events.unshift({ event, outcome, at: Date.now(), deliveries: 1 });
      // What is selected stays selected.
      if (view.selected > 0) view.selected++;
      if (events.length > keptEvents) events.pop();
      view.selected = Math.min(view.selected, events.length - 1);
      change();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      draw();
      stdin.setRawMode?.(false);
      stdin.unref?.();
      stdout.write(`\n${showCursor}`);
    },
  };
}

async function readKeys(stdin: Terminal['stdin'], press: (key: string) => void): Promise<void> {
  for await (const bytes of stdin) for (const key of keysIn(Buffer.from(bytes).toString())) press(key);
}

/** Keys that are pressed fast arrive together. An arrow is a sequence of three characters. */
function keysIn(text: string): string[] {
  const keys: string[] = [];
  for (let start = 0; start < text.length; start += keys.at(-1)?.length ?? 1)
    keys.push(text.slice(start, start + (text.startsWith('\u001b[', start) ? 3 : 1)));
  return keys;
}
