import { type PlaygroundState, readState } from './state.js';

const key = 'segment-onesignal-playground';

/** The part of `sessionStorage` that is used. */
export interface Storage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** Keeps the state for a reload and for the way back from another page. It stays in this tab and ends with it. */
export function saveState(storage: Storage, state: PlaygroundState): void {
  try {
    storage.setItem(key, JSON.stringify(state));
  } catch {
    // Storage is full or turned off: nothing is kept.
  }
}

export function loadState(storage: Storage): PlaygroundState | undefined {
  try {
    return readState(JSON.parse(storage.getItem(key) ?? 'null'));
  } catch {
    return undefined;
  }
}
