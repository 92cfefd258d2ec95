/** A setting of a Segment Function. */
export interface FunctionSetting {
  readonly name: string;
  /** Its type in Segment, with the marks of the form. */
  readonly type: string;
  readonly about: string;
}

/** The settings that a function needs, and those that are set most often. */
export const functionSettings: readonly FunctionSetting[] = [
  { name: 'appId', type: 'String, required', about: 'App ID in OneSignal (Settings > Keys & IDs)' },
  { name: 'apiKey', type: 'String, required, sensitive', about: 'App API key in OneSignal (Settings > Keys & IDs)' },
  { name: 'missingUser', type: 'String', about: 'skip (default), create or retry: users that OneSignal does not know' },
  { name: 'prefix', type: 'String', about: 'prefix of every tag key' },
  { name: 'exclude', type: 'Array', about: 'traits and properties to leave out' },
  { name: 'tagLimit', type: 'String', about: 'tags per user that your OneSignal plan allows, such as 10' },
];

/** The settings as a comment at the top of the file. */
export function settingsComment(): string {
  return [
    '// A Segment Destination Function that delivers to OneSignal. Create these settings in Segment:',
    ...functionSettings.map(({ name, type, about }) => `//   ${name} (${type}): ${about}`),
  ].join('\n');
}
