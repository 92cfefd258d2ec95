/** ISO 4217: currencies that do not have two decimals. */
const currenciesByDecimals = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
} as const;
const plainDecimal = /^(\d{1,15})(?:\.(\d{1,50}))?$/;
/** A smaller number is a rounding error of floating point: `0.1 + 0.2 - 0.3` is `5.5e-17`. */
const almostNothing = 1e-6;

/** An ISO 4217 code in upper case, USD if there is none, or `undefined` if the value is not a code. */
export function currencyOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return 'USD';
  return typeof value === 'string' && /^\s*[A-Za-z]{3}\s*$/.test(value) ? value.trim().toUpperCase() : undefined;
}

/**
 * An amount of money as a decimal string, rounded to the decimals of its currency: `19.98`, or `1.21` for
 * `1.2100000000000002`. A string may start with `$`, as Segment's older libraries send it.
 *
 * @param iso - Code of the currency, in upper case.
 * @returns `undefined` for a negative amount, and for ambiguous strings such as `1.234,50` and `1,234.50`.
 *
 * @see {@link https://www.iso.org/iso-4217-currency-codes.html | ISO 4217: Currency codes, minor units}
 */
export function moneyOf(value: unknown, iso: string): string | undefined {
  const match = plainDecimal.exec(textOf(value));
  if (match === null) return undefined;
  const [text, whole = '', fraction = ''] = match;
  const decimals = decimalsOf(iso);
  if (fraction.length <= decimals) return text;
  // With digits, not numbers: in binary, 1.005 is less than that, and would be rounded down.
  const carry = fraction.charAt(decimals) >= '5' ? 1n : 0n;
  const digits = String(BigInt(whole + fraction.slice(0, decimals)) + carry).padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  return decimals === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
}

function textOf(value: unknown): string {
  if (typeof value === 'number') return Math.abs(value) < almostNothing ? '0' : String(value);
  if (typeof value !== 'string' || value.length > 100) return '';
  const text = value.trim();
  return text.startsWith('$') ? text.slice(1).trim() : text;
}

function decimalsOf(iso: string): number {
  const unusual = Object.entries(currenciesByDecimals).find(([, currencies]) => currencies.includes(iso));
  return unusual === undefined ? 2 : Number(unusual[0]);
}
