export * from './registry/registry.ts';
export * from './registry/names.ts';
export * from './registry/policy.ts';
