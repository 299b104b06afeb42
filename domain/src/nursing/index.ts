export * from './level/level.ts';
export * from './level/commands.ts';
export { demoLevel } from './level/fixtures.ts';
export * from './risk/risk.ts';
export * from './risk/commands.ts';
