import type { AlarmKind } from '@tongping/domain/operations';

const alarms: Readonly<Record<AlarmKind, { readonly name: string; readonly act: string }>> = {
	storage: {
		name: '存储没有写入',
		act: '看磁盘的剩余空间和系统日志。没有确认的字仍在各人电脑上。磁盘满了：腾出空间，之后自动继续。磁盘故障：修好后重启服务。'
	},
	'load-failed': { name: '有文书打不开', act: '在日志中找这份文书的编号，用 verify 命令核对它的记录。不要删除数据；必要时从备份恢复。' },
	'disk-low': { name: '磁盘快满了', act: '腾出空间或扩容。磁盘写满后所有书写都会停下。' },
	'commit-latency': { name: '写盘变慢', act: '看磁盘是否被备份、杀毒或别的程序占用。' },
	'loop-lag': { name: '服务器反应变慢', act: '看处理器和内存；暂停正在进行的导入。' },
	'back-pressure': { name: '有人收得太慢', act: '多半是某处网络不好。若整个病区都慢，请查交换机和无线。' },
	refusals: { name: '被拒的书写太多', act: '看下面的原因。同一来源反复被拒，可能是旧版页面没有刷新，也可能是有人试探。' },
	clock: { name: '机器时钟被调回', act: '核对本机时间和对时服务。新存的时间先接着旧的走，不会倒退；对时之后告警自行解除。' },
	anchor: { name: '审计没有送到外部', act: '看外部留存的挂载或时间戳服务。每分钟再送一次，补上之前所有的行；本机仍照常工作。' },
	quarantine: { name: '隔离区已满', act: '处理下面等待的内容。满了以后，恢复前打开的页面不能再送来别人的字。' },
	'document-size': { name: '有文书快写满了', act: '在日志中找它的编号，请书写的人另开一份。写满之后它不再接收新的字，已有的都在。' },
	fault: { name: '程序出错', act: '在日志中按时间找 fault 一行，连同前后几行交给开发人员。' }
};

export const text = {
	title: '运行 · 同屏',
	heading: '运行',
	calm: '一切正常',
	raised: (count: number) => `${count} 项告警`,
	asOf: '截至',
	silent: (lasted: string) => `服务器 ${lasted}没有回答，下面是之前的数`,
	up: (lasted: string) => `已运行 ${lasted}`,
	epoch: (number: number) => `第 ${number} 纪元`,
	epochHint: '每次从备份恢复加一',
	metrics: 'Prometheus 指标',
	figures: {
		rooms: '在线文书',
		connections: '连接',
		behind: '收得慢',
		queued: '等待写盘',
		commit: '写盘 中位',
		commit99: '写盘 99%',
		loop: '事件循环 99%',
		memory: '内存',
		disk: '磁盘剩余',
		refusals: '一分钟被拒'
	},
	none: '无',
	charts: {
		heading: '最近 15 分钟',
		commit: '写盘时间',
		loop: '事件循环延迟',
		memory: '内存',
		updates: '写入',
		median: '中位',
		worst: '99%',
		bar: (text: string) => `界限 ${text}`,
		perSecond: '次/秒',
		say: (name: string, last: string, most: string) => `${name}：现在 ${last}，最高 ${most}`,
		empty: '还没有数据，五秒后出现'
	},
	anchors: {
		heading: '审计外部留存',
		copy: '副本',
		stamp: '时间戳',
		off: '没有设置',
		waiting: '还没有送到，每分钟一次',
		reached: (position: number, time: string) => `送到第 ${position} 行，${time}`,
		failed: (time: string, code: string) => `${time} 起送不到 ${code}`
	},
	rooms: {
		heading: '在线文书',
		kind: '种类',
		id: '编号',
		people: '在场',
		connections: '连接',
		behind: '收得慢',
		empty: '现在没有打开的文书',
		emptyDetail: '有人打开床位板、病历或阅片时出现在这里。',
		more: (count: number) => `另有 ${count} 份`
	},
	kinds: { note: '病历', report: '影像报告', reading: '共同阅片', 'ward-board': '床位板' } as Readonly<Record<string, string>>,
	refusals: {
		heading: '启动以来被拒的书写',
		reason: '原因',
		count: '次数',
		empty: '没有被拒的书写',
		reasons: {
			sealed: '文书已签名封存',
			version: '页面版本太旧',
			denied: '不在本人可写的段落',
			'denied-delete': '删除不在本人段落的字',
			'read-only': '只可查看',
			'foreign-client': '以他人的编号书写',
			gap: '中间缺了一段',
			'unknown-reference': '接在不存在的字后面',
			malformed: '内容不成格式',
			'rights-changed': '权限刚刚变化',
			'document-full': '文书太大',
			'person-full': '一个人在这份文书里写得太多',
			'storage-full': '磁盘已满，暂未保存'
		} as Readonly<Record<string, string>>
	},
	alarms: {
		heading: '告警',
		empty: '没有告警',
		emptyDetail: '写盘、反应、磁盘、拒绝、文书打不开，超过界限时出现在这里，并写进日志和 /metrics。',
		since: (time: string) => `${time} 起`,
		until: (from: string, to: string) => `${from} – ${to} 已解除`,
		times: (count: number) => `${count} 次`,
		differs: (position: number) => `外部留存的第 ${position} 行与这里不同：有人改动过，或这里是恢复的旧状态。请运行 npm run verify，保全两边`,
		behind: (time: string) => `慢 ${time}`,
		measured: (value: string, bar: string) => `${value}，界限 ${bar}`,
		kinds: alarms
	}
};
