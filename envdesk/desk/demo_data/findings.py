"""What is found on site: per form and item, in the words of inspectors, with what usually follows."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from envdesk.desk.demo_data.world import texts

ON_SPOT, LIMIT, OTHER, CLUE, CASE = (
    "现场督促立行立改", "限期整改", "移交其他部门", "线索移交区生态环境分局", "立案",
)  # fmt: skip
PLAIN, RISK, ILLEGAL = "一般问题", "环境风险隐患", "涉嫌违法"


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of problem.

    Attributes:
        key: item of the form's check list ("" = none).
        label: the item in words.
        nature: nature of the problem.
        texts: how it is described.
        limit: chance that it gets a time limit instead of being put right on the spot.
        industries: empty = any.
    """

    key: str
    label: str
    nature: str
    texts: list[str]
    limit: float = 0.35
    industries: tuple[str, ...] = ()

    def action(self, rng: Random) -> str:
        """What follows."""
        if self.nature == ILLEGAL:
            return rng.choices([CLUE, CASE, LIMIT, OTHER], [46, 14, 32, 8])[0]
        return LIMIT if rng.random() < self.limit else ON_SPOT


FAULTS: dict[str, list[Fault]] = {
    "vocs_check": [
        Fault("A", "物料储存", PLAIN, texts("""
            - 胶水桶非取用状态未加盖，散放于刷胶工位旁
            - 处理剂、天那水空桶露天堆放，未加盖且无防渗措施
            - 含VOCs原辅材料仓库门窗敞开，标识不清
            """), 0.1),
        Fault("B", "转移和输送", PLAIN, texts("""
            - 胶粘剂分装使用敞口容器转移
            - 废抹布、废手套敞口存放，未使用密闭容器
            """), 0.1),
        Fault("C", "工艺过程", PLAIN, texts("""
            - 刷胶流水线末端两个工位未设集气罩，废气无组织排放
            - 烘干箱出口未密闭，车间内异味明显
            - 车间门窗敞开作业，未形成密闭或微负压
            """), 0.6, ("制鞋", "皮具", "家具", "印刷")),
        Fault("C", "工艺过程", PLAIN, texts("""
            - 注塑机上方集气罩安装过高，收集效率不足
            - 灌装间门未关闭，香精挥发气味外逸
            - 调漆在喷烤漆房外进行
            """), 0.5, ("塑料", "化妆品", "喷涂/汽修", "金属表面")),
        Fault("F", "废气收集处理系统", PLAIN, texts("""
            - 风机皮带老化，集气罩控制风速不足
            - 废气管道接口处破损漏风，已要求立即修补
            - 喷淋塔循环水浑浊发黑，未及时更换
            """), 0.4),
        Fault("F", "废气收集处理系统", ILLEGAL, texts("""
            - 生产时废气治理设施未开启，刷胶废气直接排放
            - 废气处理设施旁路阀未封堵，存在直排可能
            """)),
        Fault("G", "活性炭吸附设施", PLAIN, texts("""
            - 活性炭超过更换周期未更换，现场炭层板结
            - 活性炭更换记录不完整，无法提供购买凭证
            - 活性炭箱密封条脱落，存在短路现象
            - 装填的蜂窝炭有明显粉化，未提供碘值检测报告
            """), 0.7),
        Fault("ledger", "原辅料台账", PLAIN, texts("""
            - 含VOCs原辅材料使用台账未按月记录
            - 不能提供胶粘剂的VOCs含量检测报告（MSDS）
            - 治理设施运行台账缺近两个月记录
            """), 0.3),
    ],
    "inspection": [
        Fault("eia", "环评/验收", ILLEGAL, texts("""
            - 新增一条生产线未办理环评变更手续
            - 未依法报批环境影响评价文件，擅自投入生产
            """)),
        Fault("permit", "排污许可", PLAIN, texts("""
            - 排污登记信息与现场设备数量不符，未及时变更
            - 排污登记回执已过有效期，未办理延续
            - 未按排污许可证要求提交上年度执行报告
            """), 0.75),
        Fault("facility", "治污设施运行", PLAIN, texts("""
            - 废气治理设施开机时间晚于生产时间，未同启同停
            - 油烟净化器内积油较多，未按期清洗
            - 除尘设施布袋破损，地面积尘
            """), 0.35),
        Fault("water", "废水", PLAIN, texts("""
            - 车间洗手池污水接入雨水沟
            - 污水隔油池未及时清捞，溢出地面
            - 清洗区围堰破损，清洗水外溢
            """), 0.4),
        Fault("water", "废水", ILLEGAL, texts("""
            - 清洗废水未经处理经雨水口外排，现场水样呈乳白色
            """)),
        Fault("air", "废气", PLAIN, texts("""
            - 车间异味较大，集气罩未覆盖产污点
            - 排气筒采样口未规范设置
            """), 0.4),
        Fault("noise", "噪声", PLAIN, texts("""
            - 空压机未采取隔声减振措施，朝向居民楼
            - 屋顶风机夜间未停机，噪声明显
            """), 0.5),
        Fault("solid", "固废危废", PLAIN, texts("""
            - 废胶水桶与一般固废混放，危废标识缺失
            - 边角料堆放在厂外通道，未入库
            - 危废转移联单不能现场提供
            """), 0.35),
        Fault("ledger", "台账", PLAIN, texts("""
            - 环保管理台账未更新，近三个月无记录
            - 治理设施维护记录与实际不符
            """), 0.3),
        Fault("emergency", "应急", RISK, texts("""
            - 未配备应急沙袋、吸附棉等物资
            - 液体原料贮存区未设围堰，泄漏后可流入雨水沟
            - 应急预案已过期未修编备案
            """), 0.5),
    ],
    "site_dust_patrol": [
        Fault("six_1", "围蔽", PLAIN, ["东侧围挡缺失约15米", "围挡底部未封闭，泥水外溢", "围挡喷淋损坏未修复"], 0.4),
        Fault("six_2", "路面硬化", PLAIN, ["出入口内侧道路未硬化，车辆碾压扬尘", "临时便道仅铺碎石，积尘较厚"], 0.4),
        Fault("six_3", "物料覆盖", PLAIN, ["砂石料堆未覆盖", "裸土防尘网破损，约400平方米", "土方未苫盖"], 0.25),
        Fault("six_4", "洒水", PLAIN, ["土方作业时雾炮未开启", "破碎作业未洒水，扬尘明显", "切割作业无喷水降尘"], 0.15),
        Fault("six_5", "车辆冲洗", PLAIN, ["出入口洗车槽故障，车辆带泥上路", "冲洗设施未使用，门前道路污染"], 0.4),
        Fault("six_6", "裸土", PLAIN, ["暂不施工区域裸土超过三个月未绿化或覆盖"], 0.5),
    ],
    "gas_station_check": [
        Fault("unload", "卸油回收", PLAIN, ["卸油口密封盖胶圈老化", "回气口未加锁，快速接头渗漏"], 0.5),
        Fault("nozzle", "加油枪", PLAIN, ["3号、5号加油枪集气罩破损", "加油枪皮碗缺失，未及时更换"], 0.2),
        Fault("pv", "P/V阀", PLAIN, ["压力真空阀未处于关闭状态"], 0.3),
        Fault("well", "人孔井", RISK, ["人孔井内有积水和油迹，密封不严"], 0.5),
        Fault("ledger", "台账", PLAIN, ["油气回收日常自检记录缺失", "年度检测报告未存档"], 0.4),
    ],
    "hazardous_waste_check": [
        Fault("label", "标识", PLAIN, ["危废容器未粘贴标签", "贮存间标识牌为旧版，未更换"], 0.15),
        Fault("ledger", "台账", PLAIN, ["危废出入库台账与实际库存不一致", "台账未如实记录废活性炭产生量"], 0.4),
        Fault("manifest", "转移联单", PLAIN, ["本年度未转移废活性炭，无转移联单"], 0.7),
        Fault("room", "贮存间", RISK, ["危废间地面防渗层开裂", "危废间堆放杂物，未设导流沟和收集池"], 0.6),
        Fault("contract", "处置合同", PLAIN, ["危废处置合同已到期未续签"], 0.8),
        Fault("over_1y", "贮存期限", ILLEGAL, ["危险废物贮存超过一年，未报批延期"]),
    ],
    "waste_diversion_check": [
        Fault("store", "贮存", PLAIN, ["工业边角料与生活垃圾共用收集桶", "固废堆放点无标识、无防雨措施"], 0.2),
        Fault("contract", "处置合同", PLAIN, ["未与有能力的单位签订一般工业固废处置合同"], 0.6),
        Fault("ledger", "台账", PLAIN, ["一般工业固废台账未按月填报"], 0.4),
    ],
    "flood_hazard_check": [
        Fault("plan", "应急预案", RISK, ["应急预案未按期修订，联系人已离职"], 0.5),
        Fault("materials", "应急物资", RISK, ["沙袋、水泵数量不足", "应急物资无清单，部分吸油毡过期"], 0.3),
        Fault("valve", "雨污阀门", RISK, ["雨水总排口阀门锈死无法关闭", "雨污阀门无标识，无专人负责"], 0.5),
        Fault("storage", "危化/危废防雨", RISK, ["化学品仓库屋面渗漏", "危废桶露天存放，雨水可冲刷进入雨水沟"], 0.4),
        Fault("lowland", "低洼处", RISK, ["地下仓库无挡水板，去年曾受浸", "原料堆放区低洼，无防浸垫高措施"], 0.4),
    ],
    "air_station_patrol": [
        Fault("dust_src", "周边污染源", PLAIN, ["东侧80米市政开挖未覆盖，要求洒水", "楼下流动烧烤摊，已劝离"], 0.1),
        Fault("lock_video", "门锁视频", PLAIN, ["站房视频离线，已通知运维单位当日修复"], 0.0),
    ],
    "water_source_patrol": [
        Fault("", "新增问题", PLAIN, ["边界围网破损，发现垂钓人员，已劝离", "新搭建铁皮棚约20平方米，要求拆除"], 0.5),
        Fault("", "反弹", ILLEGAL, ["原已停用的农庄有恢复经营迹象，现场封堵厨房排水口"]),
    ],
    "diesel_fleet_check": [
        Fault("urea_ledger", "尿素台账", PLAIN, ["车用尿素购买使用台账不全"], 0.5),
        Fault("repair_ledger", "维修台账", PLAIN, ["两台国三车辆排放维修记录缺失"], 0.5),
    ],
    "assistance": [
        Fault("", "废气收集", PLAIN, ["刷胶工位集气罩过小，建议加大罩口并增设软帘"], 0.2),
        Fault("", "台账管理", PLAIN, ["活性炭更换台账缺少废炭称重记录，已指导补充"], 0.1),
    ],
}  # fmt: skip

#: Facts written on a sheet without problems.
CALM: dict[str, list[str]] = {
    "vocs_check": texts("""
        - 检查时正在生产，刷胶工序废气经集气罩收集后由活性炭吸附处理，设施运行正常。
        - 现场使用水性胶，原辅材料台账齐全，未发现异常。
        - 检查时处于午间停工，治理设施外观完好，台账记录完整。
        """),
    "inspection": texts("""
        - 现场检查治理设施运行正常，未发现异常排污行为。
        - 企业正常生产，环保手续齐全，固废分类存放。
        - 检查时生产负荷约六成，厂界无明显异味。
        """),
    "site_dust_patrol": ["现场基本落实六个100%，雾炮、喷淋正常开启。", "主体施工阶段，出入口冲洗设施正常使用。"],
    "gas_station_check": ["油气回收系统运行正常，自检记录齐全。"],
    "flood_hazard_check": ["应急物资齐备，雨水阀门启闭正常。", "已落实值班值守，低洼处设有挡水板。"],
}  # fmt: skip
ADVICE = texts("""
    - 建议将溶剂型处理剂替换为水性处理剂，减少无组织排放；活性炭每三个月更换一次并留存凭证。
    - 建议整合四个刷胶工位到同一密闭间，统一收集后接入吸附脱附设施。
    - 指导企业填报排污登记变更和固废平台年度申报，现场完成账号找回。
    - 讲解《挥发性有机物无组织排放控制标准》要求，发放明白纸一份。
    - 建议在空压机房加装隔声门和吸声棉，夜间22时后停用。
    - 协助企业制定一般工业固废与生活垃圾分流方案，张贴分类标识。
""")
EXPERTS = ["岭南理工大学环境学院专家2名", "第三方治理单位工程师", "区生态环境监测站技术人员", ""]
#: How a rectification was found done, by words of its problem.
DONE = {
    "活性炭": "活性炭已更换，现场核查更换记录和联单",
    "台账": "台账已补录，按月记录",
    "合同": "已签订处置合同，提供复印件备查",
    "围蔽": "围挡已修复封闭",
    "覆盖": "裸土和物料已覆盖",
    "裸土": "裸土已覆盖防尘网并播撒草籽",
    "标识": "标识标牌已更新",
    "油烟": "净化器已清洗，烟道已整改",
    "排污许可": "已办理变更登记，提供登记回执",
    "噪声": "已加装隔声棉并调整作业时间，复测达标",
    "异味": "已加装集气罩，车间密闭，异味明显减轻",
    "": "已按要求整改，现场核查属实",
}


def pick(rng: Random, form: str, industry: str) -> Fault | None:
    """A problem that fits form and industry."""
    pool = [f for f in FAULTS.get(form, []) if not f.industries or industry in f.industries]
    weights = [0.3 if f.nature == ILLEGAL else 1.0 for f in pool]
    return rng.choices(pool, weights)[0] if pool else None
