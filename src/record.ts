/** Any object except an array. Its fields are read by name and can hold anything. */
export type UnknownRecord = Readonly<Record<string, unknown>>;

/** Whether a value is an object and not an array. @internal */
export function isRecord(value: unknown): value is UnknownRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value itself if it is a record, an empty record if not. @internal */
export function recordOf(value: unknown): UnknownRecord {
  return isRecord(value) ? value : {};
}
