// CommonJS, on Node: every door can be required.
const { createDestination } = require('segment-onesignal');
const { toNodeListener } = require('segment-onesignal/node');
const { createSandbox } = require('segment-onesignal/sandbox');
const { createWebhookHandler } = require('segment-onesignal/webhook');

const missing = [createDestination, toNodeListener, createSandbox, createWebhookHandler].some(
  (entry) => typeof entry !== 'function',
);
console.log(JSON.stringify({ name: 'require', problem: missing ? 'an export is missing' : undefined }));
