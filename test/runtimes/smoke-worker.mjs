// Runs the smoke checks on workerd. One answer contains the results of all of them.
import { checks } from './smoke.mjs';

export default {
  async fetch(_request, env) {
    const results = [];
    for (const [name, check] of Object.entries(checks)) {
      const problem = await check(env.SANDBOX_URL).then(
        () => undefined,
        (error) => String(error?.stack ?? error),
      );
      results.push({ name, problem });
    }
    return Response.json(results);
  },
};
