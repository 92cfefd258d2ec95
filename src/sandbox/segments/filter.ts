import { isRecord } from '../../record.js';
import { basicError, Refused } from '../answers.js';

/** docs/onesignal.md 4: operators count as entries. */
const MAX_ENTRIES = 200;
/** docs/onesignal.md 4: the values of one `in_array`. */
const MAX_ARRAY_VALUES = 20;

/**
 * One condition of a segment. All values are strings (docs/onesignal.md 4), except that those of `location` may be
 * numbers.
 */
export interface Condition {
  readonly field: string;
  readonly relation: string;
  readonly key: string;
  readonly value: string;
  readonly hoursAgo: number;
  readonly radius: number;
  readonly lat: number;
  readonly long: number;
}

/** Matches if all conditions of any alternative hold: AND binds tighter than OR (docs/onesignal.md 4). */
export type Alternatives = readonly (readonly Condition[])[];

/** The relations of each field (docs/onesignal.md 4). */
const relations: Readonly<Record<string, readonly string[]>> = {
  tag: ['>', '<', '=', '!=', 'exists', 'not_exists', 'in_array', 'not_in_array', 'time_elapsed_gt', 'time_elapsed_lt'],
  last_session: ['>', '<'],
  first_session: ['>', '<'],
  session_count: ['>', '<', '=', '!='],
  session_time: ['>', '<'],
  language: ['=', '!='],
  app_version: ['>', '<', '=', '!='],
  country: ['=', '!='],
  location: [],
};

/** A 400 in the envelope of segments. */
export function invalidSegment(error: string): Refused {
  return new Refused(basicError(400, error, { success: false }));
}

/** The filters of a segment. */
export interface Filters {
  /** As `GET` returns them. */
  readonly entries: readonly Record<string, string | number>[];
  /** As they are evaluated. */
  readonly alternatives: Alternatives;
}

/**
 * The fields of an entry. Others are dropped, so that a stored filter is flat however deeply the request was nested.
 */
const FIELDS = ['field', 'key', 'relation', 'value', 'hours_ago', 'radius', 'lat', 'long', 'operator'];

/** Reads a `filters` array. */
export function readFilters(value: unknown): Filters {
  const alternatives = readAlternatives(value);
  const entries = (Array.isArray(value) ? value : []).map((entry: unknown) => {
    const kept: Record<string, string | number> = {};
    for (const field of FIELDS) {
      const text = isRecord(entry) && Object.hasOwn(entry, field) ? entry[field] : undefined;
      if (typeof text === 'string' || typeof text === 'number') kept[field] = text;
    }
    return kept;
  });
  return { entries, alternatives };
}

function readAlternatives(value: unknown): Alternatives {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_ENTRIES)
    throw invalidSegment(`filters must hold 1 to ${MAX_ENTRIES} entries`);
  let current: Condition[] = [];
  const alternatives = [current];
  let afterOperator = true;
  for (const entry of value) {
    if (!isRecord(entry)) throw invalidSegment('a filter must be an object');
    if (entry.operator === undefined) {
      current.push(readCondition(entry));
      afterOperator = false;
      continue;
    }
    if (entry.operator !== 'AND' && entry.operator !== 'OR') throw invalidSegment('operator must be AND or OR');
    if (afterOperator) throw invalidSegment('an operator must be between two filters');
    afterOperator = true;
    if (entry.operator === 'OR') {
      current = [];
      alternatives.push(current);
    }
  }
  if (afterOperator) throw invalidSegment('filters must not end with an operator');
  return alternatives;
}

function readCondition(entry: Record<string, unknown>): Condition {
  const { field } = entry;
  const known = typeof field === 'string' && Object.hasOwn(relations, field) ? relations[field] : undefined;
  if (typeof field !== 'string' || known === undefined) throw invalidSegment('field is not supported');
  // A location has a radius instead of a relation (docs/onesignal.md 4), although the API description always requires
  // one.
  const relation = textOf(entry, 'relation', field === 'location');
  if (field !== 'location' && !known.includes(relation)) throw invalidSegment(`relation is not supported for ${field}`);
  const condition: Condition = {
    field,
    relation,
    key: textOf(entry, 'key', field !== 'tag'),
    value: textOf(entry, 'value', field === 'location' || isSession(field) || relation.endsWith('exists')),
    hoursAgo: numberOf(entry, 'hours_ago', !isSession(field)),
    radius: numberOf(entry, 'radius', field !== 'location'),
    lat: numberOf(entry, 'lat', field !== 'location'),
    long: numberOf(entry, 'long', field !== 'location'),
  };
  if (/in_array$/.test(relation) && condition.value.split(',').length > MAX_ARRAY_VALUES)
    throw invalidSegment(`value must list at most ${MAX_ARRAY_VALUES} values`);
  if (/^time_elapsed/.test(relation) && Number.isNaN(numberIn(condition.value)))
    throw invalidSegment('value must be a number of seconds');
  return condition;
}

const isSession = (field: string) => field === 'last_session' || field === 'first_session';

function textOf(entry: Record<string, unknown>, name: string, isOptional: boolean): string {
  const value = Object.hasOwn(entry, name) ? entry[name] : undefined;
  if (value === undefined && isOptional) return '';
  if (typeof value !== 'string') throw invalidSegment(`${name} must be a string`);
  if (name === 'key' && value === '' && !isOptional) throw invalidSegment('key must not be empty');
  return value;
}

function numberOf(entry: Record<string, unknown>, name: string, isOptional: boolean): number {
  const value = Object.hasOwn(entry, name) ? entry[name] : undefined;
  if (value === undefined && isOptional) return Number.NaN;
  // OneSignal's own client declares locations as numbers, while the documentation says that all values are strings.
  const number = typeof value === 'string' ? numberIn(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw invalidSegment(`${name} must be a number`);
  return number;
}

/** Parses a decimal number, or returns NaN. `Number` would also accept `''`, `0x10` and `Infinity`. */
export function numberIn(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
}
