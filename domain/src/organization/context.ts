export const context = { id: 'organization', dependsOn: [] } as const;
