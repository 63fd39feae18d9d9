"""What is said of secrets, by kind: the names under which machines filter, count and dismiss it. They never change."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from codemod.evidence import Confidence
from codemod.explanations import EXPLANATIONS
from codemod.findings import Entry
from codemod.pairing import GONE, NOWHERE, UNFED
from codemod.refusal import Reason
from codemod.result import Outcome


class Level(Enum):
    """How much it matters, the most first; the values are SARIF's."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind. `message` takes `{name}`; `short` is a line, `full` a paragraph, `advice` what to do, as markdown.

    `score` is GitHub's `security-severity`, empty where no secret is in danger; `precision` is GitHub's word; `weakness` a CWE.
    """

    id: str
    message: str
    short: str
    full: str
    advice: str
    level: Level = Level.ERROR
    score: str = "7.5"
    precision: str = "high"
    weakness: str = ""
    reason: Reason | None = None

    @property
    def help(self) -> str:
        """All of it, as markdown; where a refusal is always the reason, what `dockerfix explain` says of it."""
        why = EXPLANATIONS[self.reason].why if self.reason else ""
        return "\n\n".join(part for part in (self.full, why, self.advice) if part)

    @property
    def tags(self) -> tuple[str, ...]:
        """What GitHub filters by."""
        security = ("security",) if self.score else ("reliability",)
        return (*security, "secrets", "docker", *((f"external/cwe/{self.weakness}",) if self.weakness else ()))


MOVE = (
    "`dockerfix --write` moves it, with the callers that pass it. Where it is refused, `dockerfix explain REASON` says why and what to do "
    "by hand. Then rotate the secret: the images and build records made so far have it."
)
REASONS = "It may stay for one of these reasons:\n\n" + "\n".join(
    f"- `{reason.value}`: {EXPLANATIONS[reason].meaning}" for reason in Reason
)
CLEAN_UP = (
    "Remove the copy in the same RUN that makes it, or do not make it: give the value to the one command that needs it, and nothing else. "
    "A later RUN that removes it leaves it in the layer below. Then rotate the secret."
)
LOG = "Do not print it: leave `set -x` and `echo` away from the commands that have it. Then rotate the secret, and delete the logs."

SECRET_IN_BUILD_ARG = Rule(
    "secret-in-build-arg",
    "{name} is a secret, and a build arg: builds record its value, in the history of images, in the cache and in provenance.",
    "A secret is passed as a build arg",
    "Build args are no place for secrets: `docker history` shows their values to everyone who has the image, and the build cache and "
    "provenance record them. A secret mount gives the value to one RUN and leaves nothing behind.",
    f"{MOVE}\n\n{REASONS}",
    weakness="cwe-522",
)
POSSIBLE_SECRET = Rule(
    "possible-secret",
    "{name} may be a secret.",
    "A name that may hold a secret",
    "There is some evidence that it is a secret, and too little to act on. It is only said when `--show possible` asks for it.",
    "`--secret NAME` or `--not-secret NAME`, or the keys of that name in the configuration, settle it.",
    Level.NOTE,
    "3.0",
    "low",
    "cwe-522",
)
PUBLIC_BUILD_ARG = Rule(
    "public-build-arg",
    "{name} has the name of a secret, and is public by its framework's rule: what it holds is shipped to everyone.",
    "A secret's name is public by its framework's rule",
    "Frameworks put build variables with such a prefix (`NEXT_PUBLIC_`, `VITE_` …) into the bundle that browsers load.",
    "If it holds a secret, give it another name and keep it on the server. If not, `# dockerfix: ignore=NAME reason` says so.",
    Level.NOTE,
    "2.0",
    "medium",
)
LITERAL_CREDENTIAL = Rule(
    "literal-credential",
    "{name} is a credential that stands in the file with its value.",
    "The value of a credential stands in the file",
    "A credential is written into the Dockerfile, as the value of an ENV or the default of an ARG.",
    "Revoke it: the repository's history has it, and so have the images built so far. Then pass a new one as a build secret, or when the "
    "container runs. Where it is no credential after all, `--not-secret NAME` says so.",
    score="8.8",
    weakness="cwe-798",
    reason=Reason.LITERAL_CREDENTIAL,
)
DEFAULT_OF_A_SECRET = Rule(
    "default-of-a-secret",
    "{name} is a secret with a default that may be a credential.",
    "A secret has a default that may be a credential",
    "The default of a build arg that holds a secret is no known placeholder, so it may be a real credential, which the repository keeps.",
    "If it is a credential, revoke it and take it out. If not, it does no harm.",
    Level.WARNING,
    "6.0",
    "medium",
    "cwe-798",
)
BUILD_ARG_BESIDE_SECRET = Rule(
    "build-arg-beside-secret",
    f"{{name}} {GONE}.",
    "A secret is mounted, and still passed as a build arg",
    "The Dockerfile takes the secret from a mount, and a caller goes on passing it as a build arg, which is recorded with every build.",
    "`dockerfix --phase callers --write` makes callers pass the secret; `--phase cleanup` then takes the build arg out.",
    Level.WARNING,
    "7.0",
    weakness="cwe-522",
)
BUILD_ARG_OF_NOBODY = Rule(
    "build-arg-of-nobody",
    f"{{name}} {NOWHERE}.",
    "A secret is passed as a build arg that nothing takes",
    "A caller passes a secret as a build arg that no Dockerfile declares: the value is recorded for nothing.",
    "Take it out of the caller.",
    Level.WARNING,
    "7.0",
    weakness="cwe-522",
)
SECRET_NOT_PASSED = Rule(
    "secret-not-passed",
    f"{{name}} {UNFED}.",
    "A secret is mounted that no caller passes",
    "The Dockerfile mounts a secret, and no caller that builds it passes one of that id: where it is required, the build stops.",
    "`dockerfix --phase callers --write` makes the callers pass it.",
    Level.WARNING,
    score="",
)
WRITTEN = Rule(
    "leftover-written-to-layer",
    "{name} stays in the image.",
    "A file of the image keeps a secret",
    "A command of a RUN writes the secret into a file, and the layer keeps that file.",
    CLEAN_UP,
    weakness="cwe-538",
)
GIT_REMOTE = Rule(
    "leftover-git-remote",
    "{name} stays in the image.",
    "A git remote in the image keeps a secret",
    "git writes the URL of a clone into its configuration, with the credential in it, and the layer keeps that file.",
    f"`git remote set-url` in the same RUN, or a credential helper for that one command. {CLEAN_UP}",
    weakness="cwe-538",
)
PRINTED = Rule(
    "leftover-printed",
    "{name} is printed.",
    "A secret is printed to the build log",
    "A command prints the secret, and build logs are kept and read by many.",
    LOG,
    Level.WARNING,
    "5.5",
    weakness="cwe-532",
)
TRACED = Rule(
    "leftover-traced",
    "{name} is printed.",
    "A shell that traces its commands prints a secret",
    "With `set -x` a shell prints each command before it runs it, the secret among its words.",
    LOG,
    Level.WARNING,
    "5.5",
    weakness="cwe-532",
)

RULES = (
    SECRET_IN_BUILD_ARG, LITERAL_CREDENTIAL, DEFAULT_OF_A_SECRET, WRITTEN, GIT_REMOTE, PRINTED, TRACED, BUILD_ARG_BESIDE_SECRET,
    BUILD_ARG_OF_NOBODY, SECRET_NOT_PASSED, PUBLIC_BUILD_ARG, POSSIBLE_SECRET,
)  # fmt: skip
# by the words of the JSON
LEFTOVERS = {"written-to-layer": WRITTEN, "git-remote": GIT_REMOTE, "printed": PRINTED, "traced": TRACED}
CALLS = {GONE: BUILD_ARG_BESIDE_SECRET, NOWHERE: BUILD_ARG_OF_NOBODY, UNFED: SECRET_NOT_PASSED}


def rule_of(outcome: Outcome) -> Rule:
    """What is said of a finding; of a secret that is mounted already, what its first copy is."""
    finding = outcome.finding
    if finding.entry is Entry.CALL:
        return CALLS[finding.evidence[0].detail]
    if finding.entry is Entry.MOUNT:
        return LEFTOVERS[outcome.remains[0].reason]
    if finding.confidence is Confidence.POSSIBLE:
        return POSSIBLE_SECRET
    if finding.public:
        return PUBLIC_BUILD_ARG
    if finding.entry is Entry.ARG:
        return SECRET_IN_BUILD_ARG
    return DEFAULT_OF_A_SECRET if finding.entry is Entry.DEFAULT and finding.evidence[0].kind != "value" else LITERAL_CREDENTIAL


def level_of(outcome: Outcome) -> Level:
    """How much a finding matters: what is only likely is a warning, what is only possible a note."""
    rule, sure = rule_of(outcome), outcome.finding.confidence
    if sure is Confidence.POSSIBLE:
        return Level.NOTE
    return Level.WARNING if rule.level is Level.ERROR and sure is Confidence.LIKELY else rule.level
