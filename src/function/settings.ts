import { refuse } from '../option-rules.js';
import { isRecord } from '../record.js';

/**
 * The settings of a Segment Function.
 *
 * A setting of type STRING, BOOLEAN, ARRAY or TEXT_MAP that has the name of a mapping option sets that option. The
 * options `tag` and `segmentName` are functions, so they cannot be settings: pass them to `createSegmentFunction`.
 *
 * Shape: `{ appId: '7d3c7a1e-…', apiKey: 'os_v2_app_…', prefix: 'seg_', tagLimit: '10', exclude: ['ssn'], rename: {
 * plan: 'tier' }, deleteUsers: true }`.
 */
export interface SegmentFunctionSettings {
  /** The OneSignal app id, a UUID (STRING). */
  appId: string;
  /** A OneSignal App API key (STRING, sensitive). */
  apiKey: string;
  /** Mapping options, `authScheme` and `missingUser`. Settings of any other name are ignored. */
  [setting: string]: unknown;
}

/** Options that were read from settings and are not checked yet. */
export interface OptionsFromSettings {
  appId: unknown;
  apiKey: unknown;
  authScheme: unknown;
  mapping: Record<string, unknown>;
  delivery: Record<string, unknown>;
}

/** Turns the value of a setting into that of an option. The name is for errors. */
type Convert = (value: unknown, name: string) => unknown;

const unchanged: Convert = (value) => value;
/** Segment's settings have no number type, so numbers arrive as strings. */
const number: Convert = (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value);
const customEvent: Convert = (value) => (typeof value === 'boolean' ? (value ? 'custom_event' : undefined) : value);
/** The setting is an ARRAY where names are listed, so `['auto']` there means the keyword. */
const dates: Convert = (value) => {
  if (!Array.isArray(value) || !value.includes('auto')) return value;
  if (value.length === 1) return 'auto';
  refuse('invalid', 'dates', '"dates" mixes "auto" with names. Use either "auto" or names.');
};
const customEvents: Convert = (value) => {
  if (!Array.isArray(value) || !value.some(isBooleanWord)) return value;
  refuse('invalid', 'customEvents', '"customEvents" must be a BOOLEAN, or an ARRAY of event names.');
};
const subscriptions: Convert = (value) => {
  if (Array.isArray(value)) return Object.fromEntries(value.map((channel) => [String(channel), true]));
  if (typeof value === 'object') return value;
  refuse('invalid', 'subscriptions', '"subscriptions" must be an ARRAY of email, sms and push.');
};
/** A string that is not one of the option's keywords is a name, which the option holds in an object. */
const keywordOr =
  (key: string, [first, second]: readonly [string, string], other: string): Convert =>
  (value, name) => {
    if (typeof value !== 'string' || value === first || value === second) return value;
    // Taken as a name, it would silently do something else.
    if (isBooleanWord(value) || [first, second].includes(value.trim().toLowerCase()))
      refuse('invalid', name, `"${name}" must be ${first} or ${second}, in lower case, or ${other}.`);
    return { [key]: value };
  };
/** A label of an alias, which the option holds in an object. */
const label: Convert = (value, name) => {
  if (typeof value === 'string' && !isBooleanWord(value)) return { label: value };
  if (typeof value === 'object') return value;
  refuse('invalid', name, `"${name}" must be a STRING, the label of the alias.`);
};

const mappingSettings: Readonly<Record<string, Convert>> = {
  prefix: unchanged,
  audiencePrefix: unchanged,
  include: unchanged,
  exclude: unchanged,
  rename: unchanged,
  nested: unchanged,
  dates,
  tagLimit: number,
  user: label,
  audienceProperties: unchanged,
  loops: unchanged,
  integrations: keywordOr('respect', ['ignore', 'respect'], 'a name to respect'),
  consent: unchanged,
  eventName: keywordOr('tag', ['drop', 'prefix'], 'the key of a tag'),
  customEvents,
  subscriptions,
  profile: unchanged,
  group: unchanged,
  page: customEvent,
  screen: customEvent,
  alias: label,
  deleteUsers: unchanged,
  purchases: unchanged,
};

/** Mapping options whose only values are functions. */
const functions = ['tag', 'segmentName'];

const knownSettings = ['appId', 'apiKey', 'authScheme', 'missingUser', ...Object.keys(mappingSettings)];

/**
 * Reads options from a function's settings. A blank or empty setting was not filled in, so it counts as absent, as does
 * a blank entry of an ARRAY or a TEXT_MAP.
 *
 * @throws {@link ConfigurationError} if a value would silently do something other than what it says.
 * @internal
 */
export function readSettings(settings: unknown): OptionsFromSettings {
  const entries = Object.entries({ ...Object(settings) }).flatMap(([name, value]) => {
    const filled = withoutBlanks(value);
    return isFilled(filled) ? [[name, filled] as const] : [];
  });
  for (const [name] of entries) checkName(name);
  const given: Readonly<Record<string, unknown>> = Object.fromEntries(entries);
  const mapping = Object.entries(mappingSettings).flatMap(([name, convert]) =>
    given[name] === undefined ? [] : [[name, convert(given[name], name)] as const],
  );
  return {
    appId: given.appId,
    apiKey: given.apiKey,
    authScheme: given.authScheme,
    mapping: Object.fromEntries(mapping),
    delivery: given.missingUser === undefined ? {} : { missingUser: given.missingUser },
  };
}

/** Other names are settings of the function's author, but the same letters in another spelling are a slip. */
function checkName(name: string): void {
  if (knownSettings.includes(name)) return;
  const lettersOf = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');
  const isMeant = (known: string) => lettersOf(known) === lettersOf(name);
  if (functions.some(isMeant))
    refuse('invalid', name, `"${name}" cannot be a setting. Pass the function to createSegmentFunction.`);
  const meant = knownSettings.find(isMeant);
  if (meant !== undefined) refuse('unknown_option', name, `Unknown setting "${name}". Did you mean "${meant}"?`);
}

function isBooleanWord(value: unknown): boolean {
  return typeof value === 'string' && /^\s*(true|false)\s*$/i.test(value);
}

function withoutBlanks(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter(isFilled);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name, entry]) => isFilled(name) && isFilled(entry)));
}

function isFilled(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() !== '';
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== null;
}
