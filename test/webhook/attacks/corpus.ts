import type { Attack } from './attack.js';
import { bombs } from './bombs.js';
import { connections, slowloris, tinyChunks } from './connections.js';
import { requests } from './requests-as-data.js';
import { smuggling } from './smuggling.js';

/** Attacks that keep the receiver or the attacker busy, so each runs alone. */
export const busyAttacks: readonly Attack[] = [...bombs, tinyChunks, ...requests];
/** Attacks that mostly wait, so they run at the same time. */
export const waitingAttacks: readonly Attack[] = [...connections, ...smuggling, slowloris];
