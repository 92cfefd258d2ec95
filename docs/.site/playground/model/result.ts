import type { MappingOptions } from 'segment-onesignal';
import { type OneSignalView, viewOneSignal } from './onesignal-view.js';
import { type DryRun, planEvent, playEvents, type Snapshot } from './play.js';
import type { UsersAtStart } from './state.js';

/** Everything that is shown about an event. */
export interface Result extends DryRun {
  readonly index: number;
  readonly outcome: Snapshot['outcome'];
  readonly onesignal: OneSignalView;
}

/** What to show. */
export interface Question {
  /** All events. One that is not JSON yet is `undefined`, and changes nothing. */
  readonly events: readonly unknown[];
  readonly index: number;
  readonly mapping: MappingOptions;
  readonly users: UsersAtStart;
}

/** Maps an event, and plays it with all events before it. */
export async function answer({ events, index, mapping, users }: Question): Promise<Result> {
  const upTo = (end: number): Promise<Snapshot> => playEvents(events.slice(0, end), mapping, users);
  const [before, after] = await Promise.all([upTo(index), upTo(index + 1)]);
  return {
    ...planEvent(events[index], mapping),
    index,
    outcome: after.outcome,
    onesignal: viewOneSignal(before, after),
  };
}
