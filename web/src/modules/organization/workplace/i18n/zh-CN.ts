export const text = {
	product: '同屏',
	skip: '跳到内容',
	navigation: '主导航',
	board: '床位',
	backToBoard: '返回床位板',
	wards: '换病区',
	noWard: '您的账号还没有病区。管理员设置之后，床位板会出现在这里。',
	search: '搜索患者、床号、命令',
	paletteTitle: '搜索患者和命令',
	paletteHint: '姓名、首字母、床号，或要去的页面',
	paletteNone: '没有找到。可以试姓名首字母或床号。',
	patients: '全院患者',
	pages: '页面',
	commands: '命令',
	help: '快捷键',
	here: '在线的人',
	online: (count: number) => `${count} 人在线`,
	userMenu: '我的菜单',
	switchUser: '换人登录',
	changePassword: '修改密码',
	lock: '锁定屏幕',
	signOut: '退出登录',
	theme: '明暗',
	light: '浅色',
	dark: '深色',
	language: '语言',
	notices: '通知',
	close: '关闭',
	connection: {
		live: '已连接 · 截至',
		opening: '正在连接',
		stale: (ms: string) => `已 ${ms} 没有更新 · 截至`,
		lost: (ms: string) => `已 ${ms} 没有更新。`,
		lostDetail: (clock: string) => `显示的是 ${clock} 的情况，可以查看，暂时不能操作。`,
		deadDetail: (clock: string) => `显示的是 ${clock} 的情况，请到床旁或电话核对后再处理。`,
		offline: '连接已断开。'
	},
	signOutUnreached: '现在连不上服务器，没有退出。请锁定屏幕，稍后再试。',
	unsent: {
		title: (count: number) => `还有 ${count} 处文字没有送到服务器`,
		detail: '它们已加密存在本机，只有您再次登录后才能打开，登录时会自动送出。请尽量先恢复网络再离开。',
		unknownTitle: '本机的暂存读不出来，不知道还有没有没送出的文字',
		unknownDetail: '浏览器现在不允许读取本机存储。请先看各份记录是否都显示“已保存”，再决定是否离开。',
		stay: '留下'
	},
	keys: {
		everywhere: '到处可用',
		list: [
			['Ctrl K', '搜索与命令'],
			['?', '这张表'],
			['Esc', '返回一层'],
			['G B', '床位板'],
			['G I', '影像']
		] as readonly (readonly [string, string])[]
	},
	roles: {
		nurse: '护士',
		'head-nurse': '护士长',
		resident: '住院医师',
		attending: '主治医师',
		chief: '主任医师',
		pharmacist: '临床药师',
		radiologist: '影像医师',
		'reviewing-radiologist': '影像审核医师',
		administrator: '管理员'
	} as Readonly<Record<string, string>>
};
