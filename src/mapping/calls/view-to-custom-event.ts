import { recordOf } from '../../record.js';
import type { PageEvent, ScreenEvent } from '../../segment/event.js';
import { type Draft, drop } from '../draft.js';
import { addCustomEvent, canNameUser, dropCustomEvent } from '../opt-ins/custom-event.js';
import { reportUnreadFields } from './unread-fields.js';

/**
 * S4, options `page` and `screen`: a page or screen view becomes a custom event, named as in Segment's classic
 * destinations.
 *
 * Shape: the page `Pricing` becomes `Viewed Pricing Page`, a page without a name becomes `Loaded a Page`, and the
 * screen `Home` becomes `Viewed Home Screen`. The custom event has the properties of the view, plus its `name` and
 * `category`; properties of these names with another value are dropped with reason `duplicate_key`.
 *
 * @see {@link https://segment.com/docs/connections/spec/page/ | Segment Spec: Page}
 */
export function draftView(draft: Draft, event: PageEvent | ScreenEvent): undefined {
  if (canNameUser(draft)) addView(draft, event);
  else dropCustomEvent(draft, { namePath: 'name', properties: recordOf(event.properties), root: 'properties' });
  reportUnreadFields(draft, 'properties');
}

function addView(draft: Draft, event: PageEvent | ScreenEvent): void {
  const { name, category } = event;
  const kind = event.type === 'page' ? 'Page' : 'Screen';
  const properties = recordOf(event.properties);
  const own = { ...(isFilled(name) ? { name } : {}), ...(isFilled(category) ? { category } : {}) };
  addCustomEvent(draft, {
    name: isFilled(name) ? `Viewed ${name} ${kind}` : `Loaded a ${kind}`,
    namePath: 'name',
    properties: { ...properties, ...own },
    root: 'properties',
  });
  for (const [field, value] of Object.entries(own)) {
    const replaced = Object.hasOwn(properties, field) ? properties[field] : undefined;
    const isLost = replaced !== undefined && replaced !== value && draft.settings.exclude?.has(field) !== true;
    if (isLost) drop(draft, `properties.${field}`, 'duplicate_key');
  }
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
