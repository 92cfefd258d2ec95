/**
 * Maximum number of tags and profile fields that one request may change.
 *
 * @see {@link https://documentation.onesignal.com/reference/rate-limits | OneSignal: Rate limits, "up to 100 property updates per request"}
 * @internal
 */
export const maxPropertiesPerRequest = 100;

/**
 * Maximum size of a tag as JSON, key and value together, in bytes. OneSignal documents none; with this one, the 100
 * tags of a request stay below 1 MB.
 *
 * @internal
 */
export const maxTagBytes = 9_000;

/**
 * Maximum number of characters in an External ID. OneSignal documents none; with this one, the percent-encoded path
 * stays below the 8 kB that servers commonly accept, whatever the alphabet.
 *
 * @internal
 */
export const maxExternalIdCharacters = 512;

/**
 * Maximum size of a request of custom events, in bytes.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-custom-events | OneSignal: Create custom events, "1 MB per request", "2024 bytes per event"}
 * @internal
 */
export const maxCustomEventsBytes = 1_000_000;

/**
 * Maximum size of one custom event as JSON, in bytes: 2,024, not 2,048.
 *
 * @internal
 */
export const maxCustomEventBytes = 2_024;

/**
 * Maximum number of characters in the name of a custom event, and in the label and the id of an alias.
 *
 * @internal
 */
export const maxNameCharacters = 128;

/**
 * Maximum number of subscriptions of a user.
 *
 * @see {@link https://documentation.onesignal.com/docs/users | OneSignal: Users}
 * @internal
 */
export const maxSubscriptionsPerUser = 20;

/**
 * Maximum number of characters in an email address.
 *
 * @see {@link https://www.rfc-editor.org/errata/eid1690 | RFC 3696, erratum 1690}
 * @internal
 */
export const maxEmailCharacters = 254;

/**
 * Maximum number of characters in a push token. FCM allows for 4 kB; tokens of APNs have 64 characters.
 *
 * @internal
 */
export const maxTokenCharacters = 4_096;
