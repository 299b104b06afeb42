import { face } from '../../kernel/index.ts';

export const imagingStudyFace = face({
	id: 'imaging.study',
	navigation: [{ route: '/imaging', icon: 'scan', label: { zh: '影像', en: 'Imaging' }, order: 40, roles: '*' }]
});
