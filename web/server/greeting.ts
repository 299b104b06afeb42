import { staff } from '@tongping/domain/organization';
import type { Settings } from './settings.ts';

export interface Greeting {
	readonly settings: Settings;
	readonly url: string;
	readonly fresh: boolean;
}

/** What a new user needs to begin: the address, the accounts, the password. */
export async function greet({ settings, url, fresh }: Greeting): Promise<void> {
	const lines = ['', `  同屏 Tongping  ${url}`, `  data / 数据    ${settings.dataDir}${fresh ? '  (new / 新建)' : ''}`];
	if (settings.demo) {
		lines.push(`  demo / 演示    ${staff.map((person) => person.username).join(' ')}`, `  password/密码  ${process.env['TONGPING_DEMO_PASSWORD']}`);
	} else {
		const { hasAccounts } = await import('@tongping/domain/identity-access/server');
		if (!(await hasAccounts()))
			lines.push(`  first administrator / 首位管理员  ${url}/setup`, `  one-time code / 一次性代码        ${process.env['TONGPING_SETUP_CODE']}`);
	}
	console.log(`${lines.join('\n')}\n`);
}
