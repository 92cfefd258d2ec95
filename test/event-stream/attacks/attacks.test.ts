import { busyAttacks } from '../../webhook/attacks/corpus.js';
import { startReceiver } from '../../webhook/attacks/start-receiver.js';
import { testAttacks } from '../../webhook/attacks/test-attacks.js';
import { pushClick } from '../bodies.js';
import { ownRequests } from './own-requests.js';

testAttacks({
  name: 'a receiver of event streams',
  start: () =>
    startReceiver({
      file: new URL('receiver-process.ts', import.meta.url),
      path: '/onesignal',
      headers: { authorization: 'Bearer shh' },
      body: JSON.stringify(pushClick),
    }),
  attacks: [...ownRequests, ...busyAttacks],
  // It authorizes different requests than the webhook receiver, and an unusable body is a 200. The answers to later
  // requests on the same connection are unchanged.
  isExpected(answer, { expected }) {
    const others = (text: string) => ['200', '401'].map((status) => text.replace(/^(?:200|400|401|413)/, status));
    return expected.some((text) => text === answer || others(text).includes(answer));
  },
});
