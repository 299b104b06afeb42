import type { RefusalFacts } from '@tongping/domain/kernel';

export const refusals = {
	'account-unknown': () => '没有找到这个账号，没有做任何改动。请刷新列表后再试。',
	'account-disabled-already': (f: RefusalFacts) => `${f['name'] ?? '这位用户'}的账号已经停用。`,
	'account-in-force': (f: RefusalFacts) => `${f['name'] ?? '这位用户'}的账号正在使用，不需要启用。`,
	'last-administrator': (f: RefusalFacts) => `${f['name'] ?? '这位用户'}是唯一的管理员，停用后没有人能管理账号。请先指定另一位管理员。`,
	'own-account': () => '不能停用自己的账号或改掉自己的管理员岗位。请由另一位管理员操作。',
	'own-password': () => '自己的密码请从右上角菜单“修改密码”更改。',
	'password-offer-gone': () => '准备好的密码已过期，没有做任何改动。请再试一次。'
};

export const text = {
	title: '用户 · 同屏',
	heading: '用户',
	hint: '停用、改岗位或重置密码后，这个人在所有电脑上的登录立即结束。',
	search: '按姓名、工号或岗位查找',
	found: (n: number) => `${n} 人`,
	none: '没有符合的用户。',
	columns: { name: '姓名', username: '工号', role: '岗位', wards: '病区', state: '状态', last: '最近登录', acts: '操作' },
	inForce: '使用中',
	disabled: '已停用',
	mustChange: '待改密码',
	never: '从未登录',
	allWards: '全院',
	noWards: '未分配',
	disable: '停用',
	enable: '启用',
	change: '岗位与病区',
	reset: '重置密码',
	titles: {
		disable: (name: string) => `停用${name}的账号`,
		enable: (name: string) => `启用${name}的账号`,
		change: (name: string) => `${name}的岗位与病区`,
		reset: (name: string) => `重置${name}的密码`
	},
	consequence: {
		disable: '这个人正在使用的登录会立即结束，之后不能登录。已写下的内容和署名保留。',
		enable: '这个人可以用原来的密码登录。',
		change: '这个人需要重新登录，新的岗位和病区随后生效。',
		reset: '原密码立即失效。新密码只显示一次，本人登录后必须改掉。'
	},
	role: '岗位',
	everyWard: '全院所有病区',
	yourPassword: '您的密码',
	confirm: '确认',
	cancel: '取消',
	close: '已转告，关闭',
	oneTime: (name: string) => `${name}的一次性密码`,
	oneTimeHint: '请当面或电话告知本人。关闭后不再显示。',
	wrong: '密码不对，没有做任何改动。',
	unreachable: '现在连不上服务器，没有做任何改动。',
	password: {
		title: '修改密码 · 同屏',
		heading: '修改密码',
		mustHint: '现在的密码是别人为您设的。请改成只有您自己知道的密码。',
		hint: '修改后，您在所有电脑上的登录都会结束，请用新密码重新登录。',
		present: '现在的密码',
		next: '新密码（至少 10 位）',
		again: '再输一次新密码',
		differ: '两次输入的新密码不一样。',
		go: '修改密码',
		done: '密码已修改，请用新密码登录。',
		back: '返回',
		signIn: '去登录'
	}
};
