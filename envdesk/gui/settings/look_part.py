"""Appearance and operator: choices of this PC, not of the office."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from envdesk import i18n
from envdesk.gui import tokens
from envdesk.gui.page import Context
from envdesk.gui.prefs import LANGUAGE
from envdesk.gui.segments import Segments
from envdesk.gui.settings.lines import ValueField
from envdesk.gui.settings.part import Part, SettingRow
from envdesk.gui.user_menu import OPERATOR, work_as
from envdesk.i18n import _


class LookPart(Part):
    """Light or dark, size, who works here."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx, "look", _("外观和操作人"), _("只影响这台电脑，不随台账走。"))
        theme = ctx.theme
        self.mode = Segments(theme, [("system", _("跟随系统")), ("light", _("浅色")), ("dark", _("深色"))])
        self.scale = Segments(theme, [(str(s), f"{round(s * 100)}%") for s in tokens.SCALES])
        self.language = Segments(theme, [(i18n.SOURCE, "中文"), ("en", "English")])
        self.language.set_value(str(ctx.prefs.get(LANGUAGE, i18n.SOURCE)))
        self.language.changed.connect(lambda code: ctx.prefs.put(LANGUAGE, code))
        self.operator = ValueField(ctx, _("姓名"), self.set_operator)
        self.operator.show_value(str(ctx.prefs.get(OPERATOR, "") or ctx.operator))
        self.mode.changed.connect(self.set_mode)
        self.scale.changed.connect(self.set_scale)
        self.rows = {
            "mode": SettingRow(ctx, _("颜色"), _("深色在光线暗的地方不刺眼，打印不受影响。"), self.mode),
            "scale": SettingRow(ctx, _("大小"), _("字、按钮和表格一起放大，从 100% 到 200%。"), self.scale),
            LANGUAGE: SettingRow(
                ctx, _("语言"), _("下次打开程序时换成这种语言；表样和报表的用语不变。"), self.language
            ),
            OPERATOR: SettingRow(ctx, _("操作人"), _("记在每一步操作里；换人时改这里。"), self.operator),
        }
        self.words += "\n" + "\n".join(f"{r.title.text()}\n{r.effect.text()}" for r in self.rows.values())
        self.words += "\n" + _("字号 缩放 主题 夜间 姓名")
        for made in self.rows.values():
            self.body.addWidget(made)
        self.operator.textEdited.connect(lambda _text: self.rows[OPERATOR].set_problem(""))
        theme.changed.connect(self.read)
        self.read()

    def read(self) -> None:  # noqa: D102 - the part's
        self.mode.set_value(self.ctx.theme.mode)
        self.scale.set_value(str(self.ctx.theme.scale))

    def set_mode(self, mode: Any) -> None:
        """Change the colours at once."""
        self.ctx.theme.set_mode(mode)
        self.ctx.prefs.put("mode", mode)

    def set_scale(self, scale: str) -> None:
        """Change the size at once."""
        self.ctx.theme.set_scale(float(scale))
        self.ctx.prefs.put("scale", float(scale))

    def set_operator(self, text: str) -> None:
        """Let another person work from now on."""
        name = text.strip()
        if not name:
            self.rows[OPERATOR].set_problem(_("请填写操作人的姓名。"))
            return

        def done(name: str) -> None:
            self.rows[OPERATOR].set_problem("")
            self.operator.show_value(name)

        work_as(self.ctx, name, self, done)

    def first_editor(self) -> QWidget | None:  # noqa: D102 - the part's
        return self.mode
