export { allergiesOf, stateAllergies, type AllergyTables, type ImportedAllergy } from './allergy/server/index.ts';
export { conditionsOf, type ConditionTables, type ImportedCondition } from './condition/server/index.ts';
export { encountersOf, type ImportedEncounter } from './encounter/server/index.ts';
export { medicationsOf, type ImportedMedication, type MedicationTables } from './medication/server/index.ts';
export { latestObservations, observationById, observationSeries, vitalsForScore, type ObservationTables, type Series } from './observation/server/queries.ts';
export type { ImportedObservation } from './observation/server/index.ts';
export { factOfAnother } from './server/sourced.ts';
