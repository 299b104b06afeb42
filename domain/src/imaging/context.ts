export const context = { id: 'imaging', dependsOn: ['organization', 'patient', 'inpatient'] } as const;
