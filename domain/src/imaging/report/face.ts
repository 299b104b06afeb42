import { face } from '../../kernel/index.ts';

export const imagingReportFace = face({ id: 'imaging.report' });
