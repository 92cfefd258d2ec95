import type { Purchase } from '../../onesignal/operation.js';
import { isRecord, type UnknownRecord } from '../../record.js';
import type { TrackEvent } from '../../segment/event.js';
import { type Draft, drop } from '../draft.js';
import type { FieldSource } from '../fields.js';
import { externalIdOf } from '../user-id.js';
import { countOf, currencyOf, moneyOf } from './money.js';

const orderCompleted = /^[ _]?(?:completed[ _]?order|order[ _]?completed)[ _]?$/i;
/** OneSignal requires one, and an order as a whole has none; the order's id would make every order an article of its own. */
const skuOfOrders = 'order';

/**
 * S6, option `purchases`: `Order Completed`, in any of its spellings, adds what was bought to the user's purchases.
 *
 * Shape: `products: [{ sku: 's1', price: 9.5, quantity: 2 }]` with `currency: 'EUR'` becomes
 * `[{ sku: 's1', amount: '9.5', iso: 'EUR', count: 2 }]`; `product_id` stands in for `sku`, USD for no currency. Without
 * products, `revenue` (else `total`) becomes one purchase of the sku `order`. Dropped `invalid_value`: a product without
 * sku or price, amounts and currencies that cannot be read.
 *
 * Purchases increment: a redelivery counts twice, unless `delivery.seen` is given.
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
    const purchase = isRecord(product) ? purchaseOf(product, iso) : undefined;
    if (purchase === undefined) lost.push(`${path}.${index}`);
    return purchase ?? [];
  });
  // The list is no tag, but carried over.
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
