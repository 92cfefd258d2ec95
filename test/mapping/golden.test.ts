import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createMapper, mapEvent } from '../../src/mapping/map-event.js';
import type { MappingOptions } from '../../src/mapping/options.js';
import type { Plan } from '../../src/onesignal/plan.js';
import type { SegmentEvent } from '../../src/segment/event.js';
import { parseEvent } from '../../src/segment/parse.js';

/** `fixtures/segment/x.json` holds an event, `fixtures/plans/x.json` its plan. The names start with the rule. */
interface Situation {
  fact: string;
  options?: MappingOptions;
  event: SegmentEvent;
}

/** The plan with its error as JSON. */
const asData = (plan: Plan) => (plan.status === 'failed' ? { ...plan, error: plan.error.toJSON() } : plan);

const fixtures = new URL('../fixtures/', import.meta.url);
const names = readdirSync(new URL('segment/', fixtures)).sort();

describe('mapEvent', () => {
  for (const name of names) {
    const situation: Situation = JSON.parse(readFileSync(new URL(`segment/${name}`, fixtures), 'utf8'));
    const plan: Plan = JSON.parse(readFileSync(new URL(`plans/${name}`, fixtures), 'utf8'));
    const { fact, options, event } = situation;

    test(fact, () => {
      expect(asData(mapEvent(event, options))).toStrictEqual(plan);
      expect(asData(createMapper(options).map(event).plan)).toStrictEqual(plan);
      expect(parseEvent(event)).toStrictEqual({ ok: true, event });
    });
  }

  test('each event has its plan, and each plan its event', () => {
    expect(readdirSync(new URL('plans/', fixtures)).sort()).toEqual(names);
  });
});
