export * from './ward/ward.ts';
export * from './ward/policy.ts';
export * from './organization/organization.ts';
