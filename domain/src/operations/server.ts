export * from './watch/server/index.ts';
