export const context = { id: 'nursing', dependsOn: ['organization', 'patient'] } as const;
