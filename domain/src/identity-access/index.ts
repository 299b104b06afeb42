export * from './session/session.ts';
export * from './account/account.ts';
export * from './account/commands.ts';
export * from './account/policy.ts';
