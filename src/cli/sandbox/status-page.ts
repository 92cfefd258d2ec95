import { pageScript } from './page-script.js';
import { pageStyle } from './page-style.js';

/** The status page: one file that loads nothing else. */
export const statusPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>OneSignal sandbox</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
  <h1>OneSignal sandbox</h1>
  <p id="state" role="status">Connecting</p>
  <dl id="counts"></dl>
</header>
<main>
  <section aria-labelledby="users-title">
    <h2 id="users-title">Users</h2>
    <input id="filter" type="search" placeholder="Filter by id or tag" aria-label="Filter users by id or tag">
    <ul id="users" class="cards"></ul>
  </section>
  <section aria-labelledby="segments-title">
    <h2 id="segments-title">Segments</h2>
    <ul id="segments" class="cards"></ul>
  </section>
  <section aria-labelledby="requests-title">
    <h2 id="requests-title">Last requests</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Requests, newest first"><table>
      <thead><tr><th scope="col">Time</th><th scope="col">Status</th><th scope="col">Request</th></tr></thead>
      <tbody id="requests"></tbody>
    </table></div>
  </section>
</main>
<script>${pageScript}</script>
</body>
</html>
`;
