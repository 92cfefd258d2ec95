/**
 * Tags and profile fields that one request may change.
 *
 * @see {@link https://documentation.onesignal.com/reference/rate-limits | OneSignal: Rate limits, "up to 100 property updates per request"}
 * @internal
 */
export const maxPropertiesPerRequest = 100;

/**
 * Bytes of one request of custom events.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-custom-events | OneSignal: Create custom events, "1 MB per request"}
 * @internal
 */
export const maxCustomEventsBytes = 1_000_000;

/**
 * Bytes of one custom event as JSON: 2,024, not 2,048.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-custom-events | OneSignal: Create custom events, "2024 bytes per event"}
 * @internal
 */
export const maxCustomEventBytes = 2_024;

/**
 * Characters of a custom event's name, of an alias's label and of its id.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-custom-events | OneSignal: Create custom events, name}
 * @internal
 */
export const maxNameCharacters = 128;
