"""The code actions that a client is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lsprotocol import types

from ai_lsp.actions.action import Action
from ai_lsp.actions.offer import Choice, Offer, Sight, offers
from ai_lsp.documents import Document
from ai_lsp.providers.chat import ProviderError
from ai_lsp.workbench.abilities import ASK, Abilities
from ai_lsp.workbench.order import Order

RUN = "ai-lsp.run"
"""The command that runs an action; its argument is an order."""
KINDS = ("quickfix", "refactor", "refactor.rewrite", "source")
SHOW_WHY = "ai-lsp.show-why"
REPORT = "ai-lsp.report"
_SHOWN = frozenset({"message", "commit"})
"""Answers that are no edits, so that there is nothing to resolve."""
Title = Callable[[Action, str, str], str]
"""Returns what the model of an action is called. Raises ProviderError."""


@dataclass(frozen=True)
class Menu:
    """What is offered at one place of a document."""

    sight: Sight
    document: Document
    context: types.CodeActionContext
    able: Abilities
    title: Title
    file: str = ""
    """Where the document lies; empty for nowhere."""
    suggestion: int | None = None
    """The id of the latest suggestion in the document."""
    others: tuple[types.CodeAction, ...] = ()
    """What is offered beside actions to who asks for the kind `source`."""

    def entries(self, actions: Iterable[Action]) -> list[types.CodeAction | types.Command]:
        """Return the code actions, or their commands for a client that takes no others."""
        context = self.context
        wanted = (action for action in actions if _is_wanted(action, context))
        made = [self._entry(offer) for offer in sorted(offers(wanted, self.sight), key=_place)]
        found = [one for one in made if one is not None]
        if self.suggestion is not None and is_kind("source", context.only) and not _is_automatic(context):
            found += _about(self.suggestion)
        if context.only and is_kind("source", context.only) and not _is_automatic(context):
            found += self.others
        if self.able.literals:
            return list(found)
        return [one.command for one in found if one.command is not None]

    def _entry(self, offer: Offer) -> types.CodeAction | None:
        """Return one entry; None for what cannot be done and is not to be shown either."""
        action, reason, name = offer.action, offer.reason, ""
        try:
            name = self.title(action, self.sight.language, self.file)
        except ProviderError as error:
            reason = str(error)
        else:
            if reason and not self.context.only:  # the user has not asked for this kind
                return None
        text = f"{action.title}{offer.choice.label}" + (f" ({name})" if name else "")
        if reason:
            disabled = types.CodeActionDisabled(reason)
            return types.CodeAction(text, kind=action.kind, disabled=disabled) if self.able.disabled else None
        entry = types.CodeAction(text, kind=action.kind)
        if self.able.preferred and _is_preferred(offer):
            entry.is_preferred = True
        entry.diagnostics = [one for one in self.context.diagnostics if self._is_about(one, offer.choice)] or None
        order = self._order(action, offer.choice).as_json()
        if offer.choice.asks:
            entry.command = types.Command(text, ASK, arguments=[order])
        elif self.able.resolves and action.answer not in _SHOWN:
            entry.data = order
        else:
            entry.command = types.Command(text, RUN, arguments=[order])
        return entry

    def _order(self, action: Action, choice: Choice) -> Order:
        sight, version = self.sight, self.document.version or 0
        # With an instruction of its user the client orders lines, else the place where they are chosen again.
        lines = choice if choice.asks else sight
        return Order(
            action.name,
            self.document.uri,
            version,
            lines.first,
            lines.last,
            sight.selected,
            choice.scope,
            choice.diagnostics,
        )

    def _is_about(self, one: types.Diagnostic, choice: Choice) -> bool:
        line = self.document.index(one.range.start)[0]
        return any(told.line == line and told.message == one.message for told in choice.diagnostics)


def is_kind(kind: str, only: Iterable[str] | None) -> bool:
    """Whether a client that wants `only` some kinds wants this one."""
    if not only:
        return True
    names = [getattr(one, "value", one) for one in only]
    return any(name == "" or kind == name or kind.startswith(f"{name}.") for name in names)


def _place(offer: Offer) -> tuple[bool, bool, bool, str]:
    """Return what offers are sorted by: what is wrong here first, then what is asked for, the source last."""
    action = offer.action
    return action.kind == "source", action.kind != "quickfix", not _is_preferred(offer), action.name


def _is_preferred(offer: Offer) -> bool:
    return offer.action.preferred and not offer.choice.asks


def _is_wanted(action: Action, context: types.CodeActionContext) -> bool:
    if _is_automatic(context) and action.kind == "source":
        return False
    return is_kind(action.kind, context.only)


def _is_automatic(context: types.CodeActionContext) -> bool:
    return context.trigger_kind == types.CodeActionTriggerKind.Automatic


def _about(suggestion: int) -> list[types.CodeAction]:
    entries = (("Why this suggestion?", SHOW_WHY), ("Report this suggestion", REPORT))
    return [
        types.CodeAction(title, kind="source", command=types.Command(title, command, arguments=[suggestion]))
        for title, command in entries
    ]
