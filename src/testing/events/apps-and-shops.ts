import type { TrackEvent } from '../../segment/event.js';
import type { Build } from './build.js';
import { usualUser } from './calls.js';
import { browserContext, mobileContext } from './contexts.js';
import type { TrackOverrides } from './overrides.js';

/** Builders of the events that apps send automatically. All of them carry the device and its push token. */
export interface MobileBuilders {
  /** `Application Installed`. */
  applicationInstalled(overrides?: TrackOverrides): TrackEvent;
  /** `Application Opened`. */
  applicationOpened(overrides?: TrackOverrides): TrackEvent;
  /** `Application Updated`. */
  applicationUpdated(overrides?: TrackOverrides): TrackEvent;
  /** `Application Backgrounded`. */
  applicationBackgrounded(overrides?: TrackOverrides): TrackEvent;
  /** `Application Uninstalled`, which servers send. */
  applicationUninstalled(overrides?: TrackOverrides): TrackEvent;
  /** `Device Token Retrieved`, which Segment's plugin for React Native sends. */
  deviceTokenRetrieved(overrides?: TrackOverrides): TrackEvent;
  /** `Push Notification Received`. */
  pushNotificationReceived(overrides?: TrackOverrides): TrackEvent;
}

/** Builders of events of the Segment Spec for apps and shops. */
export interface AppAndShopBuilders {
  /** Lifecycle events of an app. */
  readonly mobile: MobileBuilders;
  /** `Order Completed` of a shop, with two products. */
  orderCompleted(overrides?: TrackOverrides): TrackEvent;
}

const version = { version: '4.2.0', build: '420' };

/** @internal */
export function createAppAndShopBuilders(build: Build): AppAndShopBuilders {
  const { userId } = usualUser;
  const ofApp =
    (event: string, properties: () => Record<string, unknown>) =>
    (overrides?: TrackOverrides): TrackEvent =>
      build('mobile', { type: 'track', userId, event, properties: properties(), context: mobileContext() }, overrides);
  return {
    mobile: {
      applicationInstalled: ofApp('Application Installed', () => ({ ...version })),
      applicationOpened: ofApp('Application Opened', () => ({ from_background: false, ...version })),
      applicationUpdated: ofApp('Application Updated', () => ({
        previous_version: '4.1.3',
        previous_build: '413',
        ...version,
      })),
      applicationBackgrounded: ofApp('Application Backgrounded', () => ({})),
      applicationUninstalled: ofApp('Application Uninstalled', () => ({})),
      deviceTokenRetrieved: ofApp('Device Token Retrieved', () => ({})),
      pushNotificationReceived: ofApp('Push Notification Received', () => ({
        campaign: { medium: 'Push', source: 'OneSignal', name: 'Spring Sale', content: 'Everything 20 % off' },
      })),
    },
    orderCompleted(overrides) {
      const properties = {
        checkout_id: 'checkout-31',
        order_id: 'order-1204',
        affiliation: 'Online Shop',
        subtotal: 118,
        total: 129.9,
        revenue: 118,
        shipping: 4.9,
        tax: 7,
        discount: 10,
        coupon: 'SPRING10',
        currency: 'EUR',
        products: [
          { product_id: 'p-501', sku: 'BOOT-42', name: 'Trail Boot', category: 'Shoes', price: 89, quantity: 1 },
          { product_id: 'p-877', sku: 'SOCK-M', name: 'Wool Socks', category: 'Socks', price: 19.5, quantity: 2 },
        ],
      };
      const event = 'Order Completed';
      return build('browser', { type: 'track', userId, event, properties, context: browserContext() }, overrides);
    },
  };
}
