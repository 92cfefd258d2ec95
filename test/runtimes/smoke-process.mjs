// Runs the smoke checks on runtimes with node:http: Node, Bun and Deno. Prints one line of JSON per check.
import { createServer } from 'node:http';
import process from 'node:process';
import { toNodeListener } from 'segment-onesignal/node';
import { checks } from './smoke.mjs';

const listener = async () => {
  const echo = async (request) => Response.json({ path: new URL(request.url).pathname, body: await request.text() });
  const server = createServer(toNodeListener(echo));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const response = await fetch(`http://127.0.0.1:${server.address().port}/a`, { method: 'POST', body: 'Zoë' });
  const answer = JSON.stringify(await response.json());
  server.close();
  server.closeAllConnections?.();
  if (answer !== '{"path":"/a","body":"Zoë"}') throw new Error(`The listener answered ${answer}`);
};

for (const [name, check] of Object.entries({ ...checks, listener })) {
  const problem = await check(process.env.SANDBOX_URL).then(
    () => undefined,
    (error) => String(error?.stack ?? error),
  );
  console.log(JSON.stringify({ name, problem }));
}
