export * from './registry/registry.ts';
export * from './registry/names.ts';
export * from './registry/policy.ts';
export * from './registry/commands.ts';
export type { PatientInCare } from './registry/decide.ts';
export * from './registry/fixtures.ts';
