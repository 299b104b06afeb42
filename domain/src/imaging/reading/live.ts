import type { LiveShape } from '../../kernel/index.ts';

/**
 * A shared reading is a session: layout, presenter and unfinished annotations, nothing that anyone must find again later.
 * Keys are SOPInstanceUID, frame and frame of reference, never a viewer's image ids.
 */
export const READING_KIND = 'reading';
export const READING_VERSION = 1;
/** layout: Y.Map · presenter: Y.Map { lead: { user, name, client, epoch } } · annotations: Y.Map id -> Y.Map { tool, sop, frame, p0, p1, ... } */
export const READING_ROOTS = ['layout', 'presenter', 'annotations'] as const;

const LINE = ['tool', 'series', 'sop', 'frame', 'p0', 'p1', 'label', 'author', 'authorName', 'createdAt', 'deletedBy'];
export const readingShape: LiveShape = {
	layout: { type: 'map', keys: '*', value: { bytes: 4096 } },
	presenter: { type: 'map', keys: ['lead'], value: { bytes: 4096 } },
	annotations: { type: 'map', keys: '*', value: { bytes: 0, nested: { type: 'map', keys: LINE, value: { bytes: 4096 } } } }
};
