export * from './id.ts';
export * from './result.ts';
export * from './actor.ts';
export * from './command.ts';
export * from './live.ts';
export * from './face.ts';
export * from './clock.ts';
