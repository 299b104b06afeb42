import { face } from '../../kernel/index.ts';
export default face({ id: 'identity-access/session' });
