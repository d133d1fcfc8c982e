"""The window: the only place of Qt. It shows what ``present`` knows and starts verbs of ``desk``; it decides nothing.

May import: envdesk.present, envdesk.desk, envdesk.reports, envdesk.figures, envdesk.formdef and below; ``formdef``,
``figures`` and ``reports`` for their types, to display them.

HOW PAGES ARE BUILT
===================
One module per page in ``envdesk/gui/pages/``, found by itself (:func:`envdesk.gui.page.found`). It ends with ::

    PAGE = PageSpec("register", RegisterPage, shots=(Shot("register", {"group": "投诉信访"}),))

``shots`` are what ``build_spec/screenshots.py`` photographs. A page is a :class:`envdesk.gui.page.Page`::

    class RegisterPage(Page):
        def __init__(self, ctx: Context) -> None:      # build widgets once; read nothing yet
            super().__init__(ctx)
            new = Act(_("登记工单"), self.new, "Ctrl+N", icon="plus", kind="primary")
            self.set_head(_("投诉信访"), actions=[new])
            self.table = LedgerTable(ctx.theme, self.model)
            self.body.addWidget(self.table)            # vertical layout under the head
            self.first = self.table                    # gets the focus when the page opens
            self.panes = (self.table, self.preview)    # where F6 goes inside the page

        def activate(self, params):                    # shown, from the rail, a search or another page
            self.ctx.tasks.run(lambda w: read(w.desk), done=self.fill, owner=self)

        def on_changed(self, kinds):                   # records of these kinds changed (form ids; "*" = all)
            if self.touches(kinds, "work_order"): self.activate({})

- **Theme.** Every widget takes ``theme`` first. No colour or size literal: ``theme.colour("green")``,
  ``theme.px(24)``, ``theme.font("table", bold=True)``, ``theme.pad(layout, (24, 0, 24, 0), 8)``,
  ``theme.fix(widget, height=32)``. A label is ``label(text, role="section")`` of :mod:`envdesk.gui.labels`; text from
  data is plain text, always.
- **Reading** goes to the database thread: ``ctx.operations.read(fn, done, owner=self)``; ``fn`` gets a
  :class:`~envdesk.gui.tasks.Work` with ``desk``, ``report()`` and ``check()``. What it returns arrives on the GUI
  thread unless the owner is gone; a refusal is shown once. Never touch the desk elsewhere. Without the desk:
  ``on="pool"``.
- **Doing** goes through ``ctx.operations.do(fn, said=_("已保存。"), owner=self)``; ``fn`` returns the verb's ``Done``.
  It writes the status bar, offers 撤销, tells all pages what changed, shows a refusal once (``refused=`` to show it
  beside a field instead, returning True when shown).
- **Long work** adds ``title=``: a panel with progress and 停下 comes after 600 ms.
- **Going elsewhere**: ``ctx.go("form", form="work_order", id=…)``; the current page is asked ``may_leave()`` first.
- **Keys.** An :class:`~envdesk.gui.page.Act` has one; others by ``self.key("F8", self.next_problem)``. They work while
  the page is shown, wherever the focus is. Lists are one Tab stop; arrows move in them.
- **Drafts.** ``keep()`` is called before the page is left, closed or when the program fails: keep what was typed.
- **One sentence for nothing**: :class:`~envdesk.gui.empty.Empty`. A question: :mod:`envdesk.gui.dialogs`.

Names of pages the frame leads to: ``today``, ``register`` (``group=``), ``form`` (``form=``, ``id=``), ``subjects``,
``reports``, ``send`` (``period=``), ``merge`` (district), ``settings`` (``group=``); an entry of the rail shows when its page is there.

Parts: ``buttons`` (Button, Link, KeyHint, paint_button, paint_key), ``chips`` (Chip, paint_chip, chip_state, due_state),
``segments``, ``filter_chip``, ``check_box``, ``search_box`` (LineField, SearchBox), ``section`` (Panel, PanelHead, Section,
Notice, FieldBox, IconLabel, scrolled, row), ``empty``, ``bars`` (CoverageBar, MonthBars and their painters),
``table_model`` (Column, Row, Cell, RowsModel), ``virtual_model``, ``tables`` (LedgerTable), ``dialogs``, ``labels``.
Look at them all: ``python build_spec/screenshots.py --only gallery``.

A view that marks its own current row sets the property ``ring`` = "own"; a frame around a bare field says "here", and
the focus ring is drawn around it.
"""
