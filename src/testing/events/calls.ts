import type {
  AliasEvent,
  DeleteEvent,
  GroupEvent,
  IdentifyEvent,
  PageEvent,
  ScreenEvent,
  TrackEvent,
} from '../../segment/event.js';
import type { Build } from './build.js';
import { browserContext, mobileContext } from './contexts.js';
import type {
  AliasOverrides,
  EventOverrides,
  GroupOverrides,
  IdentifyOverrides,
  TrackOverrides,
  ViewOverrides,
} from './overrides.js';

/** Builders of the calls of the Segment Spec. */
export interface CallBuilders {
  /** An identify of analytics.js with the reserved traits that most apps send. */
  identify(overrides?: IdentifyOverrides): IdentifyEvent;
  /** A track of analytics.js. It has no properties except yours. */
  track(event: string, overrides?: TrackOverrides): TrackEvent;
  /** A page view of analytics.js. */
  page(overrides?: ViewOverrides): PageEvent;
  /** A screen view of an app. */
  screen(overrides?: ViewOverrides): ScreenEvent;
  /** A group call of analytics.js. */
  group(overrides?: GroupOverrides): GroupEvent;
  /** An alias call of analytics.js. */
  alias(overrides?: AliasOverrides): AliasEvent;
  /** The deletion of a user, as Segment forwards it: `context` and `integrations` are `null`. */
  deletion(overrides?: EventOverrides): DeleteEvent;
}

/** The user of all builders. */
export const usualUser = { userId: 'user-1', email: 'mira.novak@example.com', phone: '+43155501234' } as const;

/** @internal */
export function createCallBuilders(build: Build): CallBuilders {
  const { userId, email, phone } = usualUser;
  return {
    identify(overrides) {
      const traits = {
        firstName: 'Mira',
        lastName: 'Novak',
        email,
        phone,
        plan: 'pro',
        createdAt: '2025-11-20T08:15:00.000Z',
        address: { street: 'Hauptplatz 1', city: 'Graz', postalCode: '8010', country: 'Austria' },
      };
      return build('browser', { type: 'identify', userId, traits, context: browserContext() }, overrides);
    },
    track(event, overrides) {
      if (typeof event !== 'string')
        throw new TypeError("A track needs the name of its event: pass it first, as in track('Signed Up').");
      return build('browser', { type: 'track', userId, event, properties: {}, context: browserContext() }, overrides);
    },
    page(overrides) {
      const properties = {
        path: '/pricing',
        referrer: 'https://search.example/',
        search: '?utm_source=newsletter',
        title: 'Pricing',
        url: 'https://shop.example/pricing?utm_source=newsletter',
      };
      const context = browserContext();
      // analytics.js sends the category even if there is none.
      return build(
        'browser',
        { type: 'page', userId, name: 'Pricing', category: null, properties, context },
        overrides,
      );
    },
    screen(overrides) {
      const properties = { name: 'Home' };
      return build('mobile', { type: 'screen', userId, name: 'Home', properties, context: mobileContext() }, overrides);
    },
    group(overrides) {
      const traits = { name: 'Alpine Outfitters', industry: 'Retail', employees: 85, plan: 'business' };
      return build(
        'browser',
        { type: 'group', userId, groupId: 'company-1', traits, context: browserContext() },
        overrides,
      );
    },
    alias(overrides) {
      const previousId = '0b8f3c1d-57a2-4e96-8c40-d9e2f6a1b735';
      return build('browser', { type: 'alias', userId, previousId, context: browserContext() }, overrides);
    },
    deletion(overrides) {
      return build('deletion', { type: 'delete', userId }, overrides);
    },
  };
}
