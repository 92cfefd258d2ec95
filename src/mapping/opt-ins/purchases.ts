import type { Purchase } from '../../onesignal/operation.js';
import { recordOf, type UnknownRecord } from '../../record.js';
import type { TrackEvent } from '../../segment/event.js';
import { type Draft, drop } from '../draft.js';
import type { FieldSource } from '../fields.js';
import { externalIdOf } from '../user-id.js';

const orderCompleted = /^[ _]?(?:completed[ _]?order|order[ _]?completed)[ _]?$/i;
const decimal = /^\d{1,15}(?:\.\d{1,15})?$/;
/** OneSignal requires an SKU. The id of the order would make every order a product of its own. */
const skuOfOrders = 'order';

/**
 * S6, option `purchases`: `Order Completed`, in any of its spellings, adds its products to the user's purchases.
 *
 * Shape: `products: [{ sku: 's1', price: 9.5, quantity: 2 }]` with `currency: 'EUR'` becomes
 * `[{ sku: 's1', amount: '9.5', iso: 'EUR', count: 2 }]`. `product_id` is used if there is no `sku`, USD if there is no
 * currency. Without products, `revenue` or else `total` becomes one purchase of the SKU `order`.
 *
 * Dropped with reason `invalid_value`: a product without SKU or price, and amounts and currencies that cannot be read.
 *
 * @see {@link https://segment.com/docs/connections/spec/ecommerce/v2/#order-completed | Segment Spec: Order Completed}
 */
export function addPurchases(draft: Draft, event: TrackEvent, { root, fields }: FieldSource): void {
  if (draft.settings.purchases !== true || !orderCompleted.test(event.event ?? '')) return;
  const field = (name: string) => (draft.settings.exclude?.has(name) ? undefined : fields[name]);
  const iso = currencyOf(field('currency'));
  if (iso === undefined) {
    drop(draft, `${root}.currency`, 'invalid_value');
    return;
  }
  const products = field('products');
  const purchases =
    Array.isArray(products) && products.length > 0
      ? purchasesOfProducts(draft, `${root}.products`, products, iso)
      : purchaseOfOrder(draft, root, field, iso);
  if (purchases.length === 0) return;
  draft.others.push({ type: 'add_purchases', user: draft.user, purchases });
}

function purchasesOfProducts(draft: Draft, path: string, products: readonly unknown[], iso: string): Purchase[] {
  const lost: string[] = [];
  const purchases = products.flatMap((product, index) => {
    const purchase = purchaseOf(recordOf(product), iso);
    if (purchase === undefined) lost.push(`${path}.${index}`);
    return purchase ?? [];
  });
  // The array did not become a tag, but it is carried over now.
  if (purchases.length > 0) draft.dropped = draft.dropped.filter((one) => one.path !== path);
  for (const one of lost) drop(draft, one, 'invalid_value');
  return purchases;
}

function purchaseOf(product: UnknownRecord, iso: string): Purchase | undefined {
  const sku = externalIdOf(product.sku) ?? externalIdOf(product.product_id);
  const amount = moneyOf(product.price);
  const count = countOf(product.quantity);
  if (sku === undefined || amount === undefined || count === undefined) return undefined;
  return { sku, amount, iso, count };
}

function purchaseOfOrder(draft: Draft, root: string, field: (name: string) => unknown, iso: string): Purchase[] {
  const name = ['revenue', 'total'].find((one) => field(one) !== undefined && field(one) !== null);
  if (name === undefined) return [];
  const amount = moneyOf(field(name));
  if (amount !== undefined) return [{ sku: skuOfOrders, amount, iso }];
  drop(draft, `${root}.${name}`, 'invalid_value');
  return [];
}

/**
 * An amount of money as a decimal string: `19.98`. A string may start with `$`, as Segment's older libraries send it.
 *
 * @returns `undefined` for a negative amount, and for ambiguous strings such as `1.234,50` and `1,234.50`.
 */
function moneyOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? withoutDollar(value.trim()) : '';
  return decimal.test(text) ? text : undefined;
}

function withoutDollar(text: string): string {
  return text.startsWith('$') ? text.slice(1).trim() : text;
}

/** An ISO 4217 code in upper case, USD if there is none, or `undefined` if the value is not a code. */
function currencyOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return 'USD';
  return typeof value === 'string' && /^[A-Za-z]{3}$/.test(value.trim()) ? value.trim().toUpperCase() : undefined;
}

/** A quantity: 1 if there is none, or `undefined` if the value is not an integer ≥ 1 or its digits. */
function countOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return 1;
  const count = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isInteger(count) && count >= 1 && count < 2 ** 31 ? count : undefined;
}
