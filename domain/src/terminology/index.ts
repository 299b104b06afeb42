export * from './code-system/code-system.ts';
export * from './code-system/policy.ts';
export * from './code-system/table.ts';
export * from './code-system/fixtures.ts';
