"""What shows, around a step, that a build arg's value is a secret; and what of a value a message may have."""

from __future__ import annotations

import re

from codemod.callers.ci.step_environment import OF_ENVIRONMENT, TEMPLATE, expression
from codemod.callers.ci.workflow_steps import Step
from codemod.callers.credentials import credential
from codemod.callers.yaml.tree import text_at

SHOWN = re.compile(r"\$\{\{[^'\"]*\}\}")
OUTPUT = re.compile(r"steps\.([\w-]+)\.outputs\.")
# actions whose outputs are credentials
ISSUERS = ("app-token", "vault-action", "configure-aws-credentials", "google-github-actions/auth", "load-secrets-action",
           "get-secretmanager-secrets", "get-keyvault-secrets", "amazon-ecr-login")  # fmt: skip


def shown(value: str | None, name: str) -> str:
    """A value for a message: only where it is a template; no literal is ever shown."""
    if value is None:
        return f"${{{{ env.{name} }}}}"
    return value if SHOWN.fullmatch(value) else "…"


def evidence(step: Step, name: str, value: str | None) -> str:
    """What shows that a value is a secret: itself, the variable that it names, or the step that it is an output of."""
    if value is None:
        return credential(step.values.get(name, ""))
    texts = [value, *(_behind(step, template) for template in TEMPLATE.findall(value))]
    return next((found for text in texts if (found := credential(text))), "") or _issued(step, value)


def _behind(step: Step, template: str) -> str:
    """The value of the variable that a template names."""
    own = OF_ENVIRONMENT.fullmatch(expression(template))
    return step.values.get(own["name"], "") if own else ""


def _issued(step: Step, value: str) -> str:
    """A template that is an output of a step which issues credentials."""
    for template in TEMPLATE.findall(value):
        match = OUTPUT.match(expression(template))
        for sibling in step.siblings if match else ():
            is_issuer = any(issuer in (text_at(sibling, "uses") or "").lower() for issuer in ISSUERS)
            if match and is_issuer and text_at(sibling, "id") == match[1]:
                return str(template)
    return ""


def notes(step: Step, name: str, value: str | None) -> tuple[str, ...]:
    """What to know once it is one of the `secrets` of an action, which passes none that is empty."""
    behind = [step.values.get(name, "")] if value is None else [_behind(step, template) for template in TEMPLATE.findall(value)]
    text = " ".join([value or "", *behind])
    if step.on_forks and "secrets." in text and "secrets.GITHUB_TOKEN" not in text:
        return (f"a pull request from a fork has no secrets: {name} is not passed there",)
    return ()
