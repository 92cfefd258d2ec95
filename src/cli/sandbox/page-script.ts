/** Runs in the browser. Data goes in as text only, never as HTML. */
export const pageScript = `
'use strict';
const byId = (id) => document.getElementById(id);
const make = (name, className, ...children) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children);
  return element;
};
const number = (value) => value.toLocaleString('en-US');
const note = (text) => make('li', 'note', text);
const state = { latest: undefined };

const userCard = ({ externalId, tags, aliases, subscriptions }) => {
  const chips = Object.entries(tags).map(([key, value]) => make('span', '', make('b', '', key + ' '), value));
  const more = [
    ...Object.entries(aliases).map(([label, id]) => label + ' ' + id),
    ...subscriptions.map(({ type, token }) => type + ' ' + token),
  ];
  const parts = [make('div', 'name', externalId), make('div', 'chips', ...chips)];
  if (more.length > 0) parts.push(make('div', 'note', more.join(' · ')));
  return make('li', '', ...parts);
};
const segmentCard = ({ name, filters, members, size }) => {
  const conditions = filters.map(({ key, relation, value }) => key + ' ' + relation + ' ' + value).join(' and ');
  const rest = size > members.length ? ' and ' + number(size - members.length) + ' more' : '';
  return make('li', '',
    make('div', '', make('span', 'name', name), ' ', make('code', '', conditions)),
    make('div', 'note', size === 0 ? 'No members' : number(size) + (size === 1 ? ' member: ' : ' members: ') + members.join(', ') + rest));
};
const requestRow = ({ at, method, path, status }) => make('tr', '',
  make('td', '', new Date(at).toLocaleTimeString('en-GB')),
  make('td', status !== undefined && status < 400 ? 'good' : 'bad', status === undefined ? 'none' : String(status)),
  make('td', '', method + ' ' + path.replace(/^\\/apps\\/[^/]+/, '')));

const show = () => {
  if (state.latest === undefined) return;
  const { counts, users, segments, requests } = state.latest;
  const wanted = byId('filter').value.trim().toLowerCase();
  const found = users.filter((user) => JSON.stringify([user.externalId, user.tags]).toLowerCase().includes(wanted));
  const labels = [['Users', counts.users], ['Segments', counts.segments], ['Custom events', counts.customEvents], ['Requests', counts.requests]];
  byId('counts').replaceChildren(...labels.map(([label, value]) => make('div', '', make('dt', '', label), make('dd', '', number(value)))));
  const older = counts.users - users.length;
  const userItems = found.map(userCard);
  if (users.length === 0) userItems.push(note('None yet. Send one: segment-onesignal trigger identify --base-url ' + location.origin));
  else if (found.length === 0) userItems.push(note('No matches.'));
  else if (older > 0) userItems.push(note(number(older) + ' older users are not shown. All of them: ' + location.origin + '/status'));
  byId('users').replaceChildren(...userItems);
  byId('segments').replaceChildren(...(segments.length === 0 ? [note('None yet. An audience from Engage creates one.')] : segments.map(segmentCard)));
  byId('requests').replaceChildren(...requests.map(requestRow));
};
byId('filter').addEventListener('input', show);
const live = new EventSource('/live');
const setState = (text, isLive) => {
  byId('state').textContent = text;
  byId('state').classList.toggle('live', isLive);
};
live.onopen = () => setState('Live', true);
live.onerror = () => setState('Not connected. Is the sandbox running?', false);
live.onmessage = ({ data }) => {
  state.latest = JSON.parse(data);
  show();
};
`;
