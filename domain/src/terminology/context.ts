export const context = { id: 'terminology', dependsOn: ['organization'] } as const;
