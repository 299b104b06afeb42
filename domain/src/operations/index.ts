export * from './watch/watch.ts';
export * from './watch/alarms.ts';
export * from './watch/policy.ts';
export * from './quarantine/quarantine.ts';
export * from './quarantine/commands.ts';
