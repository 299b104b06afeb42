export { levelsOf, writeLevel } from './level/server/index.ts';
export { endNursing, isolationsOf, safetyOf, writeSafety } from './risk/server/queries.ts';
