export { importFhir, type FhirProgress } from './fhir-import/server/import.ts';
