export { allergiesOf, stateAllergies, type AllergyTables, type ImportAllergies, type ImportedAllergy } from './allergy/server/index.ts';
export { conditionsOf, type ConditionTables, type ImportConditions, type ImportedCondition } from './condition/server/index.ts';
export { encountersOf, type ImportedEncounter, type ImportEncounters } from './encounter/server/index.ts';
export { medicationsOf, type ImportedMedication, type ImportMedications, type MedicationTables } from './medication/server/index.ts';
export { latestObservations, observationById, observationSeries, vitalsForScore, type ObservationTables, type Series } from './observation/server/queries.ts';
export type { ImportedObservation, ImportObservations } from './observation/server/index.ts';
