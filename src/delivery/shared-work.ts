/** Something that waits for work that it may share with others: an input under way. */
export interface Passenger {
  /** Whether nobody waits for it any more: its call was aborted or is past its deadline. */
  gone: boolean;
  /** Unix ms after which its call wants no answer. */
  readonly deadlineAt: number;
  /** What it waits for at the moment. */
  readonly flights: Flight[];
}

/**
 * A piece of work for one or several inputs, possibly of several calls. It is cancelled when the last of them is gone, not before: one caller's abort must not
 * take a merged write away from another.
 */
export interface Flight {
  passengers: Passenger[];
  waiting: number;
  cancelled: boolean;
  /** Ends what the work waits for at the moment: an attempt, a slot, a pause. */
  cancel: (() => void) | undefined;
}

/** Starts a piece of work; for nobody, it is cancelled from the start. @internal */
export function createFlight(passengers: readonly Passenger[]): Flight {
  const flight: Flight = { passengers: [], waiting: 0, cancelled: true, cancel: undefined };
  for (const passenger of passengers) board(flight, passenger);
  return flight;
}

/** Lets one more input wait for it. @internal */
export function board(flight: Flight, passenger: Passenger): void {
  if (passenger.gone) return;
  flight.cancelled = false;
  flight.passengers.push(passenger);
  flight.waiting++;
  passenger.flights.push(flight);
}

/** The work is done: its inputs wait for it no longer. @internal */
export function land(flight: Flight): void {
  for (const { flights } of flight.passengers) {
    const index = flights.indexOf(flight);
    if (index >= 0) flights.splice(index, 1);
  }
  flight.passengers = [];
}

/** The input waits no longer; work that nobody waits for is cancelled. @internal */
export function leave(passenger: Passenger): void {
  passenger.gone = true;
  for (const flight of passenger.flights.splice(0)) {
    flight.waiting--;
    if (flight.waiting > 0) continue;
    flight.cancelled = true;
    flight.cancel?.();
  }
}

/** The latest time at which somebody still wants the answer, unix ms. @internal */
export function deadlineOf(flight: Flight): number {
  return flight.passengers.reduce((latest, { gone, deadlineAt }) => (gone ? latest : Math.max(latest, deadlineAt)), 0);
}

/** Waits at least so long; `false` if the work was cancelled meanwhile. Leaves no timer. @internal */
export function pause(ms: number, flight: Flight): Promise<boolean> {
  return new Promise((resolve) => {
    if (flight.cancelled) {
      resolve(false);
      return;
    }
    const until = Date.now() + ms;
    const done = (completed: boolean): void => {
      clearTimeout(timer);
      flight.cancel = undefined;
      resolve(completed);
    };
    const wake = (): void => {
      // Node's timers fire up to a millisecond early. More than the whole wait left: the clock was set back, and counts for nothing.
      const leftMs = until - Date.now();
      if (leftMs <= 0 || leftMs > ms) done(true);
      else timer = setTimeout(wake, leftMs);
    };
    let timer = setTimeout(wake, ms);
    flight.cancel = () => done(false);
  });
}

/** Waits for a promise that cannot be cancelled; `undefined` if the work was cancelled meanwhile. @internal */
export function unlessCancelled<Value>(promise: Promise<Value>, flight: Flight): Promise<{ value: Value } | undefined> {
  return new Promise((resolve, reject) => {
    if (flight.cancelled) resolve(undefined);
    flight.cancel = () => resolve(undefined);
    promise.then((value) => resolve({ value }), reject);
  });
}
