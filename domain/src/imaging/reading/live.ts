/**
 * A shared reading is a session: layout, presenter and unfinished annotations, nothing that anyone must find again later.
 * Keys are SOPInstanceUID, frame and frame of reference, never a viewer's image ids.
 */
export const READING_KIND = 'reading';
export const READING_VERSION = 1;
/** layout: Y.Map · presenter: Y.Map { user, epoch } · annotations: Y.Map id -> Y.Map { tool, sop, frame, p0, p1, ... } */
export const READING_ROOTS = ['layout', 'presenter', 'annotations'] as const;
