export const context = { id: 'inpatient', dependsOn: ['organization', 'patient', 'clinical-record', 'nursing'] } as const;
