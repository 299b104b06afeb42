export const context = { id: 'organization', dependsOn: [], order: ['organization', 'ward'] } as const;
