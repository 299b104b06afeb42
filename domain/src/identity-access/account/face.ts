import { face } from '../../kernel/index.ts';
export default face({
	id: 'identity-access/account',
	navigation: [{ route: '/admin/users', icon: 'users', label: { zh: '用户', en: 'Users' }, order: 92, roles: ['administrator'] }]
});
