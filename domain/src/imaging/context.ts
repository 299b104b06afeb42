export const context = { id: 'imaging', dependsOn: ['organization', 'patient'], order: ['study', 'reading', 'report'] } as const;
