export * from './ward/ward.ts';
export * from './ward/policy.ts';
export * from './ward/fixtures.ts';
export * from './organization/organization.ts';
export * from './organization/fixtures.ts';
export * from './organization/fixture-id.ts';
