const decimal = /^\d{1,15}(?:\.\d{1,15})?$/;

/**
 * S6: an amount of money as a decimal text, `'19.98'`; texts may begin with `$`, as Segment's classic reader has it.
 *
 * @returns `undefined` for anything else: `1.234,50` and `1,234.50` are not guessed at, nor is a negative amount.
 *
 * @see {@link https://documentation.onesignal.com/reference/update-user | OneSignal: Update user, purchases, amount}
 */
export function moneyOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? withoutDollar(value.trim()) : '';
  return decimal.test(text) ? text : undefined;
}

/**
 * S6: an ISO 4217 code in upper case; USD where there is none.
 *
 * @returns `undefined` for anything that is no code.
 *
 * @see {@link https://segment.com/docs/connections/spec/track/#properties | Segment Spec: Track, currency}
 */
export function currencyOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return 'USD';
  return typeof value === 'string' && /^[A-Za-z]{3}$/.test(value.trim()) ? value.trim().toUpperCase() : undefined;
}

/**
 * S6: how many were bought; 1 where it is not said.
 *
 * @returns `undefined` for anything but a whole number from 1 on, or its digits.
 *
 * @see {@link https://segment.com/docs/connections/spec/ecommerce/v2/#order-completed | Segment Spec: Order Completed, quantity}
 */
export function countOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return 1;
  const count = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isInteger(count) && count >= 1 && count < 2 ** 31 ? count : undefined;
}

function withoutDollar(text: string): string {
  return text.startsWith('$') ? text.slice(1).trim() : text;
}
