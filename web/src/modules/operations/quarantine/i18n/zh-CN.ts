import type { RefusalFacts } from '@tongping/domain/kernel';

export const refusals: Readonly<Record<string, (facts: RefusalFacts) => string>> = {
	'quarantine-unknown': () => '没有这一项，可能属于另一家医院。',
	'quarantine-decided': () => '这一项已经有人处理过，没有再改动。',
	'quarantine-sealed': () => '这份文书已签名封存，隔离的内容不能并入。可请原作者写成补记。',
	'quarantine-known': () => '文书里已经有这些内容，多半是原作者自己的电脑已经送回。可以写明原因后弃用。',
	'quarantine-hangs': () => '这些字接在另一段还缺的内容后面。请先处理同一份文书里较早的一项。',
	'quarantine-unreadable': () => '这些内容不成格式，不能并入。'
};

export const text = {
	heading: '恢复后的隔离',
	empty: '没有等待处理的内容',
	emptyDetail: '从备份恢复以后，别人的电脑里还留着、本服务器已经没有的字会放在这里，由管理员决定。这里不显示内容。',
	doc: '文书',
	by: '送来的人',
	from: '署名',
	size: '字数',
	at: '时间',
	act: '处理',
	kinds: { note: '病历', report: '影像报告', reading: '共同阅片' } as Readonly<Record<string, string>>,
	unknown: '无法核实',
	own: '接在其后的本人的字',
	also: (names: string) => `${names} 也送来相同的内容`,
	deletions: (count: number) => `另有 ${count} 处删除`,
	decided: { accepted: '已并入', rejected: '已弃用' } as Readonly<Record<string, string>>,
	decidedBy: (name: string, reason: string) => `${name}:${reason}`,
	accept: '并入',
	reject: '弃用',
	dialog: {
		accept: '把这些内容并入文书',
		reject: '弃用这些内容',
		warn: '并入的字会标为“恢复时找回”，不算任何人的签名。请先向署名的人核实。',
		keep: '弃用后内容仍保留在隔离记录中，不会删除。',
		reason: '原因（向谁核实，结果如何）',
		password: '本人密码',
		cancel: '取消'
	}
};
