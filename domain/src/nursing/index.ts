export * from './level/level.ts';
export * from './risk/risk.ts';
