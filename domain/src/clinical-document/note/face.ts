// The words of a clinical document, written together and sealed by signatures.
// Used by the ward-round page and by prints.
// Must never change after its last signature.
import { face } from '../../kernel/index.ts';

export default face({ id: 'clinical-document.note' });
