import { optionsOf } from '../known-options.js';
import { oneOf } from '../option-rules.js';

/** How events become tracks. */
export interface EventToTrackOptions {
  /**
   * The names of events and properties.
   *
   * `'onesignal'` uses the names that OneSignal's own Segment source sends, such as `Push Clicked`. `'spec'` uses those
   * of Segment's Spec for Email and Push, such as `Push Notification Tapped`, for the kinds that the Spec has a name
   * for, and adds its properties, such as `email_id` and `campaign`.
   *
   * @defaultValue 'onesignal'
   */
  names?: 'onesignal' | 'spec' | undefined;
  /**
   * The kinds of events that become tracks.
   *
   * `'onesignal'` maps what OneSignal's own Segment source sends. `'all'` also maps `push.failed`, `push.unsubscribed`
   * and Live Activities, which are otherwise skipped.
   *
   * @defaultValue 'onesignal'
   */
  kinds?: 'onesignal' | 'all' | undefined;
}

/** @internal */
export const trackRules = {
  names: /* @__PURE__ */ oneOf(['onesignal', 'spec']),
  kinds: /* @__PURE__ */ oneOf(['onesignal', 'all']),
};

/** Throws a `ConfigurationError` for options that cannot work. @internal */
export function checkTrackOptions(options: unknown): void {
  optionsOf(trackRules)(options, '');
}
