/** Any object but an array, read without knowing what it holds. */
export type UnknownRecord = Readonly<Record<string, unknown>>;

/** Whether a value is an object, not an array, whose fields can be read by name. @internal */
export function isRecord(value: unknown): value is UnknownRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is a record, else an empty one. @internal */
export function recordOf(value: unknown): UnknownRecord {
  return isRecord(value) ? value : {};
}
