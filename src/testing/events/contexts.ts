/** Contexts as Segment's libraries send them: a new one for each event, since tests may change them. */

/** Of analytics.js, in a browser. */
export function browserContext(): Record<string, unknown> {
  return {
    ip: '203.0.113.24',
    library: { name: 'analytics.js', version: 'next-1.81.0' },
    locale: 'en-GB',
    page: {
      path: '/pricing',
      referrer: 'https://search.example/',
      search: '?utm_source=newsletter',
      title: 'Pricing',
      url: 'https://shop.example/pricing?utm_source=newsletter',
    },
    campaign: { name: 'spring', source: 'newsletter', medium: 'email' },
    timezone: 'Europe/Vienna',
    userAgent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36',
    userAgentData: {
      brands: [{ brand: 'Chromium', version: '138' }],
      mobile: false,
      platform: 'macOS',
    },
  };
}

/** Of Segment's Swift library, on an iPhone with a push token. */
export function mobileContext(): Record<string, unknown> {
  return {
    app: { name: 'Shop', version: '4.2.0', build: '420', namespace: 'example.shop' },
    device: {
      id: '4E0B7C55-6C1D-4E4E-9A57-0E7B8C2F1A90',
      manufacturer: 'Apple',
      model: 'iPhone16,2',
      name: 'iPhone',
      type: 'ios',
      token: '5f0c9a7e3b1d4c68a2f7e90b6d15c384f1e0a9b8c7d6e5f4031221302a1b0c9d',
    },
    ip: '203.0.113.25',
    library: { name: 'analytics-swift', version: '1.7.3' },
    locale: 'en-GB',
    network: { bluetooth: false, cellular: true, wifi: false },
    os: { name: 'iOS', version: '18.4' },
    screen: { width: 1179, height: 2556, density: 3 },
    timezone: 'Europe/Vienna',
  };
}

/**
 * Of Engage: what it computed, and no library.
 *
 * @throws TypeError if the key is missing, which only JavaScript callers can do.
 */
export function engageContext(computation_class: string, computation_key: string): Record<string, unknown> {
  if (typeof computation_key !== 'string' || computation_key === '')
    throw new TypeError("An Engage event needs a key: pass it first, as in audience.entered('vip').");
  const space = 'spa_7rTq2mVx9KcP4sYd1NfHbW';
  const prefix = computation_class === 'trait' ? 'tra' : 'aud';
  return {
    library: { name: 'unknown', version: 'unknown' },
    personas: {
      computation_class,
      // The id of a journey step is its key.
      computation_id: computation_class === 'journey_step' ? computation_key : `${prefix}_3bQn8ZkLw5XeR6uTjG0vMiCyPaD`,
      computation_key,
      event_emitter_id: 'ee_3cWp1YhNs7DgU4oFkB9xEvRqLtA',
      namespace: space,
      space_id: space,
    },
  };
}
