const email = /^[^\s@"'<>,;]+@[^\s@"'<>,;]+\.[^\s@"'<>,;]+$/;
const e164 = /^\+[1-9]\d{6,14}$/;

/**
 * S1: a value as an e-mail address; `undefined` where it is none. Blanks around it go, nothing else is changed.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-subscription | OneSignal: Create subscription, token}
 */
export function emailOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : '';
  return email.test(text) ? text : undefined;
}

/**
 * S1: a value as a phone number in E.164, `+436641234567`; `undefined` where it is none.
 *
 * Blanks, hyphens and dots between the digits go. A national number has no country, and brackets hold digits that may not
 * be dialled, `+44 (0)20`: neither is guessed at.
 *
 * @see {@link https://documentation.onesignal.com/docs/sms-faq | OneSignal: SMS, E.164 format}
 */
export function phoneOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim().replace(/(\d)[ .\u00a0-](?=\d)/g, '$1') : '';
  return e164.test(text) ? text : undefined;
}
