export const context = { id: 'clinical-record', dependsOn: ['organization', 'patient'] } as const;
