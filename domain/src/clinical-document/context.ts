export const context = {
	id: 'clinical-document',
	dependsOn: ['organization', 'identity-access', 'terminology', 'patient', 'clinical-record', 'nursing', 'inpatient']
} as const;
