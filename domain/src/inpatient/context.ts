export const context = {
	id: 'inpatient',
	dependsOn: ['organization', 'patient', 'clinical-record', 'nursing'],
	order: ['stay', 'bed-assignment', 'ward-board']
} as const;
