export const context = { id: 'patient', dependsOn: ['organization'] } as const;
