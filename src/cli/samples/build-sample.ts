import { randomUUID } from 'node:crypto';
import { createEvents } from 'segment-onesignal/testing';
import { closestName } from '../../suggest-name.js';
import { CommandError } from '../command-error.js';
import { samples } from './samples.js';
import { readValue, setFields } from './set-fields.js';

/** The flags that change a sample. */
export interface SampleFlags {
  readonly set?: readonly string[] | undefined;
  readonly key?: string | undefined;
  readonly value?: string | undefined;
}

/** Builds a sample that happens now and has an id of its own, so that nothing takes it for a repeat. */
export function buildSample(name: string, { set = [], key, value }: SampleFlags): Record<string, unknown> {
  const found = samples.find((sample) => lettersOf(sample.name) === lettersOf(name));
  if (found === undefined) {
    const meant = closestName(
      name,
      samples.map((sample) => sample.name),
    );
    const advice = meant === undefined ? 'See "segment-onesignal samples".' : `Did you mean "${meant}"?`;
    throw new CommandError(`There is no sample "${name}". ${advice}`);
  }
  for (const [flag, given] of Object.entries({ key, value }))
    if (given !== undefined && !found.flags.some((own) => own === flag))
      throw new CommandError(`The sample "${found.name}" has no --${flag}. Change its fields with --set.`);
  const events = createEvents({ startAt: Date.now() });
  const event = found.build(events, { key, value: value === undefined ? undefined : readValue(value) });
  return setFields({ ...event, messageId: `trigger-${randomUUID()}` }, set);
}

/** `audience.entered`, as in the testing kit, is `audience-entered` too. */
function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}
