export const context = { id: 'interoperability', dependsOn: ['organization', 'patient', 'clinical-record'] } as const;
