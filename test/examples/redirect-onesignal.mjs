// Preloaded before an example. Sends its OneSignal requests to the sandbox at ONESIGNAL_SANDBOX, so that the example
// itself needs no option for that.
const { fetch } = globalThis;

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const { origin, pathname, search } = new URL(request.url);
  if (origin !== 'https://api.onesignal.com') throw new TypeError('The example called a host other than OneSignal');
  return fetch(new Request(process.env.ONESIGNAL_SANDBOX + pathname + search, request));
};
