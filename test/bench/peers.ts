import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** `@segment/actions-core` needs liquidjs, which it does not declare. */
const packages = ['@segment/actions-core@3.170.0', 'liquidjs@10.30.1', '@onesignal/node-onesignal@5.18.0'];
/** The package must not depend on its peers, not even for development. */
const folder = join(process.cwd(), 'node_modules', '.cache', 'segment-onesignal-peers');

/** The part of `@segment/actions-core/mapping-kit` that is measured. */
export interface MappingKit {
  transform(mapping: object, event: unknown): unknown;
}

/** The part of `@onesignal/node-onesignal` that is measured. */
export interface OneSignalClient {
  createConfiguration(options: { restApiKey: string; baseServer: unknown }): unknown;
  ServerConfiguration: new (url: string, variables: object) => unknown;
  DefaultApi: new (
    configuration: unknown,
  ) => {
    updateUser(appId: string, label: string, id: string, update: object): Promise<unknown>;
  };
}

/**
 * Installs the peers into their own folder, without running their scripts.
 *
 * @throws An error that includes npm's error, if they cannot be installed.
 */
export async function installPeers(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', '--prefer-offline'];
  try {
    await promisify(execFile)('npm', ['install', ...flags, ...packages], { cwd: folder });
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new Error(`The peers could not be installed. --peers needs npm and its registry.\n${cause}`);
  }
}

/** Loads a peer. Its types come from this file, because the compiler cannot see packages that are installed later. */
export function loadPeer<Peer>(name: string, isPeer: (loaded: unknown) => loaded is Peer): Peer {
  const loaded: unknown = createRequire(join(folder, 'package.json'))(name);
  if (!isPeer(loaded)) throw new Error(`${name} is not what it was when this measurement was written`);
  return loaded;
}

const hasFunction = (loaded: unknown, name: string): boolean => typeof Reflect.get(Object(loaded), name) === 'function';

export const isMappingKit = (loaded: unknown): loaded is MappingKit => hasFunction(loaded, 'transform');

export const isOneSignalClient = (loaded: unknown): loaded is OneSignalClient =>
  ['createConfiguration', 'ServerConfiguration', 'DefaultApi'].every((name) => hasFunction(loaded, name));
