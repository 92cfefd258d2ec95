import { version } from '../../package.json';
import { isString, mustBe } from '../option-rules.js';

/** How requests name their sender. @internal */
export interface Identification {
  /** Your company, for OneSignal's partner program. */
  partner?: string | undefined;
  /** The `User-Agent` header. */
  userAgent?: string | undefined;
}

/** Printable ASCII, as a header requires. */
const headerText = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * The headers that name the sender of a request.
 *
 * @throws {@link ConfigurationError} if a name cannot be sent in a header.
 * @see {@link https://documentation.onesignal.com/docs/en/building-an-integration-with-onesignal-partner-guide | OneSignal: Partner guide, the OneSignal-Usage header}
 * @internal
 */
export function identification({ partner, userAgent }: Identification): Record<string, string> {
  const text = mustBe(
    'a non-empty string of printable ASCII characters without white space around it',
    (value) => value === undefined || (isString(value) && headerText.test(value)),
  );
  text(partner, 'partner');
  text(userAgent, 'userAgent');
  const name = partner?.replace(/ *\| *Partner Integration$/i, '');
  return {
    'user-agent': userAgent ?? `segment-onesignal/${version}`,
    ...(name === undefined ? {} : { 'onesignal-usage': `${name} | Partner Integration` }),
  };
}
