// Preloaded before an example: what it sends to OneSignal goes to the sandbox named in ONESIGNAL_SANDBOX, so that examples can be as short as in production.
const { fetch } = globalThis;

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const { origin, pathname, search } = new URL(request.url);
  if (origin !== 'https://api.onesignal.com') throw new TypeError('an example reached for another host than OneSignal');
  return fetch(new Request(process.env.ONESIGNAL_SANDBOX + pathname + search, request));
};
