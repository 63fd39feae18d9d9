"""Tables: the programs that build from a Dockerfile, what their options take, and which of them can be given a secret."""

from __future__ import annotations

from dataclasses import dataclass

from codemod.callers.call import ID, Engine

# options that take a word behind them: those of every tool, as none of them has one of the name without
TAKES_A_WORD = frozenset(
    """
    --add-host --allow --annotation --attest --build-arg --build-context --builder --cache-from --cache-to --call --cgroup-parent
    --cpu-period --cpu-quota --cpu-shares --cpuset-cpus --cpuset-mems --file --iidfile --isolation --label --memory --memory-swap
    --metadata-file --network --no-cache-filter --output --platform --policy --print --progress --provenance --sbom --secret
    --security-opt --server-config --shm-size --source-policy-file --ssh --tag --target --ulimit
    --arch --authfile --build-arg-file --cache-ttl --cap-add --cap-drop --cert-dir --cgroupns --cpp-flag --creds --cw --decryption-key
    --device --dns --dns-option --dns-search --env --format --from --group-add --hooks-dir --ignorefile --ipc --jobs --layer-label
    --logfile --manifest --net --os --os-feature --os-version --pid --pull-policy --retry --retry-delay --runtime --runtime-flag
    --sbom-image-output --sbom-image-purl-output --sbom-merge-strategy --sbom-output --sbom-purl-output --sbom-scanner-command
    --sbom-scanner-image --sign-by --source-date-epoch --timestamp --unsetannotation --unsetenv --unsetlabel --userns
    --userns-gid-map --userns-gid-map-user --userns-uid-map --userns-uid-map-user --uts --variant --volume
    --buildkit-host --build-platform --lint-fail-on --project --save-tag --token
    --arg --set --build-target --image --image-label --registry --resource-group --build-secret --dockerfile --context --destination
    --git --opt --local --frontend --addr --addr-file --app --config --region --region-id --wait-timeout --strategy --vm-memory
    --vm-size --vm-cpus --image-ref --profile --project-name --project-directory --env-file --ansi --parallel --region --source
    --service-account --gcs-log-dir --gcs-source-staging-dir --machine-type --disk-size --timeout --substitutions --name
    """.split()  # noqa: SIM905  (a table of words)
)
SHORT_TAKES_A_WORD = frozenset("fotmcvgrea")
# before the operation
GLOBAL_TAKES_A_WORD = frozenset(
    """
    -H --host -c --context --config -l --log-level --tlscacert --tlscert --tlskey
    -n --namespace -a --address --snapshotter --cni-path --cni-netconfpath --data-root --cgroup-manager --hosts-dir
    --root --runroot --storage-driver --storage-opt --connection --url --identity --events-backend --conmon --hooks-dir --module
    --network-cmd-path --network-config-dir --out --runtime --runtime-flag --ssh --tmpdir --volumepath --imagestore
    --registries-conf --registries-conf-dir --userns-uid-map --userns-gid-map --default-mounts-file --short-name-alias-conf
    --builder -f --file -p --project-name --profile --env-file --project-directory --ansi --parallel --addr --project --account
    --verbosity --subscription -A --app -C
    """.split()  # noqa: SIM905  (a table of words)
)


@dataclass(frozen=True, slots=True)
class Tool:
    """A program and its operation: `docker build`.

    `passing` are its options that pass a build arg, `file` and `context` those that say where the Dockerfile and its context are
    (an operand, where there is no option for the context); with one of the options `unless` it builds nothing by itself. Where a
    build arg cannot become `--secret` there, `obstacle` says why and `suggestion` what to put there; what can be given no secret at
    all `blocks`, which says the way out. What only looks like a build tool `is_unknown`.
    """

    words: tuple[str, ...]
    engine: Engine = Engine.BUILDKIT
    passing: tuple[str, ...] = ("--build-arg",)
    file: tuple[str, ...] = ("-f", "--file")
    context: tuple[str, ...] = ()
    obstacle: str = ""
    suggestion: str = ""
    blocks: str = ""
    unless: tuple[str, ...] = ()
    has_places: bool = True
    is_unknown: bool = False

    @property
    def name(self) -> str:
        """What one calls it."""
        return " ".join(self.words)


def _tools(*texts: str, engine: Engine = Engine.BUILDKIT) -> tuple[Tool, ...]:
    return tuple(Tool(tuple(text.split()), engine) for text in texts)


# in a suggestion: the variable that has the value
VARIABLE = "\x01"
SPEC = f"--secret id={ID},env={VARIABLE}"
COMPOSE = "docker compose build has no --secret: its secrets are in the compose file"
IN_COMPOSE = f"in the compose file: secrets: [{ID}] under the service's build:, and secrets: {ID}: environment: {VARIABLE} at the top level"
NO_BUILDKIT = "has no BuildKit, and so no secrets"

TOOLS = (
    *_tools("docker build", "docker buildx build", "docker buildx b", "docker image build", "docker builder build"),
    *_tools("docker-buildx build", "nerdctl build", "nerdctl image build", "nerdctl builder build", "depot build", "finch build"),
    *_tools("podman build", "podman image build", "podman buildx build", engine=Engine.BUILDAH),
    *_tools("buildah build", "buildah bud", "buildah build-using-dockerfile", engine=Engine.BUILDAH),
    *(
        Tool((*words.split(), "build"), obstacle=COMPOSE, suggestion=IN_COMPOSE, file=(), has_places=False)
        for words in ("docker compose", "docker-compose", "podman-compose", "podman compose", "nerdctl compose")
    ),
    Tool(
        ("docker", "buildx", "bake"),
        passing=("--set",),
        file=(),
        obstacle="--set can give a target's secrets as well, but which target it is nobody can read here",
        suggestion=f"--set '*.secrets+=id={ID},env={VARIABLE}'",
        has_places=False,
    ),
    *(
        Tool(
            (program, "deploy"),
            file=("--dockerfile",),
            unless=("--image", "-i"),
            obstacle="fly deploy takes secrets with their values",
            suggestion=f'--build-secret {ID}="${VARIABLE}"',
        )
        for program in ("fly", "flyctl")
    ),
    Tool(
        ("buildctl", "build"),
        passing=("--opt",),
        file=(),
        obstacle="buildctl's options are not changed",
        suggestion=SPEC,
        has_places=False,
    ),
    Tool(
        ("earthly",),
        file=(),
        obstacle="an Earthfile's FROM DOCKERFILE can pass no secret",
        suggestion="build the image with docker build --secret, or write its steps into the Earthfile, with RUN --secret",
        has_places=False,
    ),
    Tool(
        ("okteto", "build"),
        obstacle="okteto's secrets are given in its own way",
        suggestion=f"--secret id={ID},env={VARIABLE} (or secrets under build: of okteto.yml)",
    ),
    Tool(
        ("dokku", "docker-options:add"),
        file=(),
        obstacle="the option is kept by the server, not by this file",
        suggestion=f"dokku docker-options:add APP build '--secret id={ID},env={VARIABLE}', and docker-options:remove for the build arg",
        has_places=False,
    ),
    Tool(
        ("kaniko",),
        file=("--dockerfile",),
        context=("--context",),
        blocks="Google's kaniko ignores secret mounts: build with BuildKit, or with osscontainertools/kaniko 1.26.3 or later",
    ),
    Tool(
        ("osscontainertools/kaniko",),
        file=("--dockerfile",),
        context=("--context",),
        obstacle="osscontainertools/kaniko takes secrets from 1.26.3 on",
        suggestion=SPEC,
    ),
    Tool(
        ("gcloud", "builds", "submit"),
        file=(),
        unless=("--config",),
        blocks=f"gcloud builds submit --tag {NO_BUILDKIT}: use --config with a cloudbuild.yaml that sets DOCKER_BUILDKIT=1",
    ),
    Tool(
        ("gcloud", "run", "deploy"),
        file=(),
        context=("--source",),
        unless=("--image",),
        blocks=f"gcloud run deploy --source {NO_BUILDKIT}: build the image first, and deploy it with --image",
    ),
    Tool(("az", "acr", "build"), blocks="az acr build can pass no secret to a Dockerfile: build with docker buildx build --push"),
    Tool(
        ("heroku", "container:push"),
        passing=("--arg",),
        file=(),
        blocks=f"heroku container:push {NO_BUILDKIT}: build with docker build, push the image, and release it",
    ),
    Tool(("caprover", "deploy"), file=(), blocks=f"CapRover {NO_BUILDKIT}: build the image first, and deploy it with --imageName"),
    Tool(("captain", "deploy"), file=(), blocks=f"CapRover {NO_BUILDKIT}: build the image first, and deploy it with --imageName"),
    Tool(("copilot", "deploy"), file=(), blocks="AWS Copilot can pass no secret to a Dockerfile: build the image first"),
    Tool(("sam", "build"), file=(), blocks="AWS SAM can pass no secret to a Dockerfile: build the image first"),
)
LEGACY = "DOCKER_BUILDKIT=0 builds without BuildKit, which alone has secrets: take it out"
# those that it speaks to
LEGACY_TOOLS = frozenset({"docker build", "docker image build", "docker builder build"})
# images that are run to build: what their words are, is the tool's
IMAGES = {
    "osscontainertools/kaniko": "osscontainertools/kaniko",
    "martizih/kaniko": "osscontainertools/kaniko",
    "kaniko-project/executor": "kaniko",
}
PROGRAMS = frozenset(tool.words[0] for tool in TOOLS)
