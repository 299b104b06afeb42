import { face } from '../../kernel/index.ts';

export const imagingReadingFace = face({ id: 'imaging.reading' });
