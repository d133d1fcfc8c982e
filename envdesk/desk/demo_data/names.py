"""Names of people and firms, invented; telephone numbers that no one has; codes with right check characters."""

from __future__ import annotations

from random import Random

from envdesk.formdef.types import USC_ALPHABET

SURNAMES = "陈黄李林张刘吴梁何邓谢罗郭冯曾叶钟朱苏杨周卢潘戴余蔡区麦莫温欧石孔邝简关古龙江方严甘丁"
GIVEN = [
    "志强",
    "伟明",
    "建华",
    "国栋",
    "永康",
    "俊杰",
    "家豪",
    "子轩",
    "文辉",
    "锦荣",
    "炳坤",
    "耀东",
    "海涛",
    "树根",
    "水生",
    "金泉",
    "兆基",
    "启明",
    "润生",
    "柏林",
    "丽华",
    "秀珍",
    "燕玲",
    "美娟",
    "婉仪",
    "晓彤",
    "惠芳",
    "雪梅",
    "佩珊",
    "淑仪",
    "嘉欣",
    "敏",
    "静",
    "芳",
    "婷",
    "洁",
    "勇",
    "军",
    "斌",
    "鹏",
    "波",
    "刚",
    "磊",
    "凯",
]
#: Names that old systems lose: characters outside GB 2312.
RARE = ["陈堃", "黄喆", "梁䶮", "李𬭎", "邓堃荣"]

BRAND_1 = "恒鸿瑞嘉宏盛达永兴泰顺丰金银华美佳利联创新飞凯腾隆裕康源德信诚富百万益丽雅尚欧锦骏名卓优宝晟铭"
BRAND_2 = "达兴发盛源昌隆泰丰顺鑫美佳琪雅迪诚信和通运腾飞辉煌宏威格尔莱斯曼丽诗步尔凡森特派堡圣诺邦铂"
#: Brand words with characters that old systems lose.
BRAND_RARE = ["鑫喆", "永堃", "䶮腾", "锦𬭎"]

TRADES: dict[str, tuple[list[str], list[str]]] = {
    "制鞋": (
        ["鞋业", "鞋厂", "皮鞋", "鞋材", "制鞋", "鞋底", "运动鞋", "童鞋", "女鞋"],
        ["有限公司", "厂", "加工厂", "厂", "经营部"],
    ),
    "皮具": (["皮具", "皮件", "箱包", "手袋", "皮革制品", "手袋五金"], ["有限公司", "厂", "加工厂", "商行"]),
    "化妆品": (["化妆品", "生物科技", "日化", "精细化工", "美容用品"], ["有限公司", "科技有限公司", "制造有限公司"]),
    "塑料": (["塑料", "塑胶", "塑料五金", "注塑"], ["制品有限公司", "制品厂", "加工厂"]),
    "印刷": (["印刷", "彩印", "包装印刷", "纸品包装"], ["有限公司", "厂"]),
    "家具": (["家具", "木业", "办公家具"], ["有限公司", "厂"]),
    "喷涂/汽修": (["汽车维修", "汽车服务", "汽车美容", "喷涂"], ["有限公司", "服务部", "中心", "厂"]),
    "金属表面": (["五金", "金属制品", "五金喷涂", "机械配件"], ["有限公司", "厂", "加工厂"]),
    "食品": (["食品", "烘焙食品", "调味食品", "豆制品"], ["有限公司", "厂", "加工场"]),
    "餐饮": (
        ["大排档", "茶餐厅", "农家菜馆", "烧腊饭店", "湘菜馆", "火锅城", "烧烤店", "酒楼", "快餐店", "肠粉店"],
        ["", "", "", "分店"],
    ),
    "其他": (["物流", "贸易", "再生资源", "仓储服务"], ["有限公司", "经营部"]),
}
PLACE_FIRST = ["岭州市", "岭州", "岭州市云溪区清禾", "云溪区清禾"]
LONG_NAMES = [
    "岭州市云溪区清禾街道罗塘经济联合社第三工业区鸿达兴业鞋材鞋业制品加工厂（普通合伙）",
    "岭州市云溪区清禾长坜永利源皮革制品箱包手袋五金配件综合加工有限责任公司第二分公司",
    "岭州雅诗铂曼国际生物科技与日用化妆品研发制造（岭州）有限责任公司清禾生产基地",
]


def person(rng: Random) -> str:
    """A full name."""
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def caller(rng: Random) -> str:
    """A complainant as the hotline writes one: 陈女士."""
    return rng.choice(SURNAMES) + rng.choice(["先生", "先生", "女士", "女士", "小姐", "阿姨", "伯伯"])


def mobile(rng: Random) -> str:
    """A mobile number of the reserved range 138 0000."""
    return f"1380000{rng.randrange(10000):04d}"


def telephone(rng: Random) -> str:
    """A number with an area code that does not exist."""
    return f"000-{rng.randrange(66000000, 66999999)}"


def usc_code(rng: Random, *, sole: bool = False) -> str:
    """A 统一社会信用代码 of a division that does not exist (440199), both check characters right."""
    body = "MA" + "".join(rng.choice(USC_ALPHABET) for _ in range(6))
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    values = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    rest = 11 - sum(values.index(c) * w for c, w in zip(body, weights, strict=True)) % 11
    code = ("92" if sole else "91") + "440199" + body + ("X" if rest == 10 else "0" if rest == 11 else str(rest))
    total = sum(USC_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code))
    return code + USC_ALPHABET[(31 - total % 31) % 31]


class FirmNames:
    """Hands out firm names, each once."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.taken: set[str] = set()
        self.long = list(LONG_NAMES)
        self.rare = list(BRAND_RARE)

    def brand(self) -> str:
        """Two characters that sound like a firm."""
        if self.rare and self.rng.random() < 0.03:
            return self.rare.pop()
        first = self.rng.choice(BRAND_1)
        return first + self.rng.choice([c for c in BRAND_2 if c != first])

    def firm(self, industry: str) -> tuple[str, str, bool]:
        """A name of an industry: full name, short name, and whether it is a sole trader."""
        trade, kinds = TRADES[industry]
        for wanted in range(len(self.long)):
            if (
                industry == ("制鞋", "皮具", "化妆品")[len(LONG_NAMES) - len(self.long) + wanted]
                and self.rng.random() < 0.2
            ):
                name = self.long.pop(wanted)
                self.taken.add(name)
                return name, "", False
        for attempt in range(1000):
            brand, word, kind = self.brand(), self.rng.choice(trade), self.rng.choice(kinds)
            if attempt > 30:  # a very large office: three characters
                brand += self.rng.choice(BRAND_1)
            if industry == "餐饮":
                name = f"{brand}{word}" + (f"（清禾{kind}）" if kind else "")
            else:
                name = f"{self.rng.choice(PLACE_FIRST)}{brand}{word}{kind}"
            if name not in self.taken and brand + word not in self.taken:
                self.taken |= {name, brand + word}
                return name, (brand + word if name != brand + word else ""), "有限" not in kind
        raise AssertionError("no name left")
