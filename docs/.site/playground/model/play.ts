import {
  createDestination,
  type MappingOptions,
  type Outcome,
  type Plan,
  type PlannedRequest,
} from 'segment-onesignal';
import { type Simulation, simulate } from 'segment-onesignal/testing';
import type { UsersAtStart } from './state.js';

/** The app of every request here. Anything that has the form of an app id would do. */
export const exampleAppId = '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a';

/** What an event becomes by itself. */
export interface DryRun {
  readonly plan: Plan;
  readonly requests: readonly PlannedRequest[];
}

/** What OneSignal holds after some of the events. */
export interface Snapshot extends Pick<Simulation, 'users' | 'segments' | 'customEvents'> {
  /** Outcome of the last event that was delivered. */
  readonly outcome: Outcome | undefined;
}

/** The plan of an event, and its requests. It sends nothing. */
export function planEvent(event: unknown, mapping: MappingOptions): DryRun {
  const destination = createDestination({
    appId: exampleAppId,
    transport: { send: () => Promise.reject(new Error('A dry run sends nothing.')) },
    mapping,
  });
  const { plans, requests } = destination.plan([event]);
  return { plan: plans[0], requests };
}

/** Delivers events to an empty in-memory OneSignal, in virtual time. */
export async function playEvents(
  events: readonly unknown[],
  mapping: MappingOptions,
  users: UsersAtStart,
): Promise<Snapshot> {
  const { outcomes, ...end } = await simulate(events, { mapping, ...(users === 'none' ? { users: [] } : {}) });
  return { users: end.users, segments: end.segments, customEvents: end.customEvents, outcome: outcomes.at(-1) };
}
