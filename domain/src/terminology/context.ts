export const context = { id: 'terminology', dependsOn: [] } as const;
