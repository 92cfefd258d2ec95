import { isRecord } from '../../record.js';
import type { PageEvent, ScreenEvent } from '../../segment/event.js';
import type { Draft } from '../draft.js';
import { addCustomEvent } from '../opt-ins/custom-event.js';

/**
 * S4, options `page` and `screen`: a view becomes a custom event, named as Segment's classic destinations name it.
 *
 * Shape: the page `Pricing` becomes `Viewed Pricing Page`, one without a name `Loaded a Page`; the screen `Home`
 * `Viewed Home Screen`. Its properties are the view's, with its `name` and `category`.
 *
 * @see {@link https://segment.com/docs/connections/spec/page/ | Segment Spec: Page}
 */
export function draftView(draft: Draft, event: PageEvent | ScreenEvent): undefined {
  const { name, category } = event;
  const kind = event.type === 'page' ? 'Page' : 'Screen';
  const properties = isRecord(event.properties) ? event.properties : {};
  addCustomEvent(draft, {
    name: isText(name) ? `Viewed ${name} ${kind}` : `Loaded a ${kind}`,
    namePath: 'name',
    properties: { ...properties, ...(isText(name) ? { name } : {}), ...(isText(category) ? { category } : {}) },
    root: 'properties',
  });
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
