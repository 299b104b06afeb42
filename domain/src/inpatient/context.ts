export const context = {
	id: 'inpatient',
	dependsOn: ['organization', 'identity-access', 'patient', 'clinical-record', 'nursing'],
	order: ['stay', 'bed-assignment', 'extra-bed', 'ward-transfer', 'ward-board']
} as const;
