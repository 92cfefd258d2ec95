/**
 * The settings of a Segment Function.
 *
 * A setting of type STRING, BOOLEAN, ARRAY or TEXT_MAP that has the name of a mapping option sets that option.
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
  authScheme: 'Key' | 'Basic';
  mapping: Record<string, unknown>;
  delivery: Record<string, unknown>;
}

type Convert = (value: unknown) => unknown;

const unchanged: Convert = (value) => value;
/** Segment's settings have no number type, so numbers arrive as strings. */
const number: Convert = (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value);
const customEvent: Convert = (value) => (typeof value === 'boolean' ? (value ? 'custom_event' : undefined) : value);
const switches: Convert = (value) =>
  Array.isArray(value) ? Object.fromEntries(value.map((name) => [String(name), true])) : value;
/** A string that is not one of the option's keywords is a name, which the option holds in an object. */
const keywordOr =
  (key: string, ...keywords: string[]): Convert =>
  (value) =>
    typeof value === 'string' && !keywords.includes(value) ? { [key]: value } : value;

const mappingSettings: Readonly<Record<string, Convert>> = {
  prefix: unchanged,
  audiencePrefix: unchanged,
  include: unchanged,
  exclude: unchanged,
  rename: unchanged,
  nested: unchanged,
  dates: unchanged,
  tagLimit: number,
  audienceProperties: unchanged,
  loops: unchanged,
  integrations: keywordOr('respect', 'ignore', 'respect'),
  consent: unchanged,
  eventName: keywordOr('tag', 'drop', 'prefix'),
  customEvents: unchanged,
  subscriptions: switches,
  profile: unchanged,
  group: unchanged,
  page: customEvent,
  screen: customEvent,
  alias: keywordOr('label'),
  deleteUsers: unchanged,
  purchases: unchanged,
};

/**
 * Reads options from a function's settings. A blank or empty setting was not filled in, so it counts as absent.
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
