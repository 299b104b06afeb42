import { face as define } from '../../kernel/face.ts';

export const face = define({ id: 'clinical-document/note' });
