export * from './fhir-import/fhir-import.ts';
export * from './fhir-import/policy.ts';
export * from './fhir-import/fixtures.ts';
