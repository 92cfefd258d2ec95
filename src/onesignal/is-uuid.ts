// Apart from uuid.ts, because the `uuid` package runs code when it is loaded, and bundles of a mapping function would
// contain it for the sake of this check.
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Whether a value is a string with the form of a UUID. The version is not checked, because OneSignal's examples use versions that
 * do not exist.
 *
 * @internal
 */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && uuid.test(value);
}
