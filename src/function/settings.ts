/**
 * The settings of a Segment Function. Segment's STRING, BOOLEAN, ARRAY and TEXT_MAP settings that bear the name of a mapping option are that option.
 *
 * Shape: `{ appId: '7d3c7a1e-…', apiKey: 'os_v2_app_…', prefix: 'seg_', tagLimit: '10', exclude: ['ssn'], rename: { plan: 'tier' }, deleteUsers: true }`.
 */
export interface SegmentFunctionSettings {
  /** OneSignal's id of the app, a UUID (STRING). */
  appId: string;
  /** An App API key (STRING, sensitive). */
  apiKey: string;
  /** Mapping options, and settings of your own, which are ignored. */
  [setting: string]: unknown;
}

/** Options as the settings give them, not checked yet. */
export interface OptionsFromSettings {
  appId: unknown;
  apiKey: unknown;
  authScheme: 'Key' | 'Basic';
  mapping: Record<string, unknown>;
  delivery: Record<string, unknown>;
}

type Convert = (value: unknown) => unknown;

const asItIs: Convert = (value) => value;
/** Segment has no numbers. */
const number: Convert = (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value);
const customEvent: Convert = (value) => (typeof value === 'boolean' ? (value ? 'custom_event' : undefined) : value);
const switches: Convert = (value) =>
  Array.isArray(value) ? Object.fromEntries(value.map((name) => [String(name), true])) : value;
/** A text that is none of the option's own words is the name that the option holds in an object. */
const wordOr =
  (key: string, ...words: string[]): Convert =>
  (value) =>
    typeof value === 'string' && !words.includes(value) ? { [key]: value } : value;

const mappingSettings: Readonly<Record<string, Convert>> = {
  prefix: asItIs,
  audiencePrefix: asItIs,
  include: asItIs,
  exclude: asItIs,
  rename: asItIs,
  nested: asItIs,
  dates: asItIs,
  tagLimit: number,
  audienceProperties: asItIs,
  loops: asItIs,
  integrations: wordOr('respect', 'ignore', 'respect'),
  consent: asItIs,
  eventName: wordOr('tag', 'drop', 'prefix'),
  customEvents: asItIs,
  subscriptions: switches,
  profile: asItIs,
  group: asItIs,
  page: customEvent,
  screen: customEvent,
  alias: wordOr('label'),
  deleteUsers: asItIs,
  purchases: asItIs,
};

/**
 * Reads the options from settings. A setting that is blank or empty is one that nobody filled in, and counts as absent.
 *
 * @internal
 */
export function readSettings(settings: unknown): OptionsFromSettings {
  const given: Record<string, unknown> = { ...Object(settings) };
  const mapping = Object.entries(mappingSettings).flatMap(([name, convert]) =>
    isFilled(given[name]) ? [[name, convert(given[name])] as const] : [],
  );
  return {
    appId: given.appId,
    apiKey: given.apiKey,
    authScheme: given.authScheme === 'Basic' ? 'Basic' : 'Key',
    mapping: Object.fromEntries(mapping),
    delivery: isFilled(given.missingUser) ? { missingUser: given.missingUser } : {},
  };
}

function isFilled(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() !== '';
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== null;
}
