export const context = { id: 'interoperability', dependsOn: ['patient', 'clinical-record', 'terminology'] } as const;
