import type { Purchase } from '../../onesignal/operation.js';
import { purchasesKey } from '../../onesignal/operation-keys.js';
import { recordOf, type UnknownRecord } from '../../record.js';
import type { TrackEvent } from '../../segment/event.js';
import { type Draft, drop, recordPath } from '../draft.js';
import type { FieldSource } from '../fields.js';
import { externalIdOf } from '../user-id.js';
import { currencyOf, moneyOf } from './money.js';

const orderCompleted = /^[ _]?(?:completed[ _]?order|order[ _]?completed)[ _]?$/i;
/** OneSignal requires an SKU. With the id of the order, every order would be a separate product. */
const skuOfOrders = 'order';
/** OneSignal documents no maximum. */
const maxSkuCharacters = 255;
/** Keeps the request of an event below 1 MB, with the longest SKUs. */
const maxProducts = 500;

/**
 * S6, option `purchases`: `Order Completed`, in any of its spellings, adds its products to the user's purchases.
 *
 * Shape: `products: [{ sku: 's1', price: 9.5, quantity: 2 }]` with `currency: 'EUR'` becomes
 * `[{ sku: 's1', amount: '9.5', iso: 'EUR', count: 2 }]`. `product_id` is used if there is no `sku`, USD if there is no
 * currency. Amounts are rounded to the decimals of the currency. If no product can be used, `revenue` or else `total`
 * becomes one purchase of the SKU `order`.
 *
 * Dropped with reason `invalid_value`: a product without SKU or price, products after the 500th, and amounts and
 * currencies that cannot be read.
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
  const ofProducts = Array.isArray(products) ? purchasesOfProducts(draft, `${root}.products`, products, iso) : [];
  const purchases = ofProducts.length > 0 ? ofProducts : purchaseOfOrder(draft, root, field, iso);
  if (purchases.length > 0) draft.others.push({ type: 'add_purchases', user: draft.user, purchases });
}

function purchasesOfProducts(draft: Draft, path: string, products: readonly unknown[], iso: string): Purchase[] {
  const lost: string[] = [];
  const purchases = products.flatMap((product, index) => {
    const purchase = index < maxProducts ? purchaseOf(recordOf(product), iso) : undefined;
    if (purchase === undefined) lost.push(`${path}.${index}`);
    return purchase ?? [];
  });
  if (purchases.length > 0) {
    // The array did not become a tag, but it is carried over now.
    draft.dropped = draft.dropped.filter((one) => one.path !== path);
    recordPath(draft, purchasesKey, path);
  }
  for (const one of lost) drop(draft, one, 'invalid_value');
  return purchases;
}

function purchaseOf(product: UnknownRecord, iso: string): Purchase | undefined {
  const sku = externalIdOf(product.sku) ?? externalIdOf(product.product_id);
  const amount = moneyOf(product.price, iso);
  const count = countOf(product.quantity);
  if (sku === undefined || sku.length > maxSkuCharacters || amount === undefined || count === undefined)
    return undefined;
  return { sku, amount, iso, count };
}

function purchaseOfOrder(draft: Draft, root: string, field: (name: string) => unknown, iso: string): Purchase[] {
  const name = ['revenue', 'total'].find((one) => field(one) !== undefined && field(one) !== null);
  if (name === undefined) return [];
  const path = `${root}.${name}`;
  const amount = moneyOf(field(name), iso);
  if (amount === undefined) {
    drop(draft, path, 'invalid_value');
    return [];
  }
  recordPath(draft, purchasesKey, path);
  // Lost with the custom event (S2d), but carried over now.
  draft.dropped = draft.dropped.filter((one) => one.path !== path || one.reason !== 'unsupported_label');
  return [{ sku: skuOfOrders, amount, iso }];
}

/** A quantity: 1 if there is none, or `undefined` if the value is not an integer ≥ 1 or its digits. */
function countOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return 1;
  const count = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isInteger(count) && count >= 1 && count < 2 ** 31 ? count : undefined;
}
