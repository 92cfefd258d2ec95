import * as z from 'zod/mini';
import { timeOfDate } from '../../src/segment/timestamp.js';

/**
 * The events that the library accepts, written a second time without its functions, so that a mistake in either of
 * them shows.
 *
 * @param type - Type of the call. For an unknown type, nothing is accepted.
 */
export function schemaOf(type: string) {
  const text = z.optional(z.union([z.string(), z.null()], 'a string or null'));
  const id = z.optional(z.union([z.string(), z.number(), z.null()], 'a string, a number or null'));
  const name = z.optional(z.string('a string'));
  const fields = z.optional(z.union([z.looseObject({}), z.tuple([]), z.null()], 'an object'));
  const date = z.custom((value) => timeOfDate(value) !== undefined);
  const personas = z.looseObject({ computation_class: name, computation_key: name, audience_key: name });
  const context = z.looseObject({ personas: z.optional(z.union([personas, z.null()])) });
  const everyCall = {
    type: z.string('a string'),
    messageId: text,
    userId: id,
    anonymousId: id,
    timestamp: z.optional(z.union([z.string(), z.number(), z.null(), date], 'a time')),
    receivedAt: text,
    integrations: fields,
    context: z.optional(z.union([context, z.tuple([]), z.null()], 'an object')),
  };
  const fieldsOfType: Record<string, z.core.$ZodLooseShape> = {
    identify: { traits: fields },
    track: { event: name, properties: fields, traits: fields },
    page: { name: text, category: text, properties: fields },
    screen: { name: text, category: text, properties: fields },
    group: { groupId: id, traits: fields },
    alias: { previousId: id },
    delete: {},
    other: { originalType: z.string('a string') },
  };
  const itsFields = Object.hasOwn(fieldsOfType, type) ? fieldsOfType[type] : { type: z.never('a call type') };
  return z.looseObject({ ...everyCall, ...itsFields }, 'an object');
}
