"""How Dockerfiles leak a secret: the ARG, and what is done with it, in each of the forms that are met."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret, or two, of a Dockerfile: `head` stands before its first FROM, `lines` where its dependencies are installed.

    `files` stand beside it in the folder of the service; `staged` gives the file a last stage that has nothing of the secret.
    `share` is how many have it, of all that leak; `is_fixable` says whether a rewrite is expected.
    """

    names: tuple[str, ...]
    lines: str
    ecosystem: str = ""
    head: str = ""
    share: int = 2
    staged: bool = False
    is_fixable: bool = True
    files: dict[str, str] = field(default_factory=dict)


NPMRC = {".npmrc": "@harbour:registry=https://npm.example.com/\n//npm.example.com/:_authToken=${NPM_TOKEN}\n"}
LEAKS = (
    # what the shell expands
    Leak(("ARTIFACTS_TOKEN",), 'ARG ARTIFACTS_TOKEN\nRUN curl -fsSL -u "ci:$ARTIFACTS_TOKEN" https://artifacts.example.com/@name@.tar.gz | tar -xz -C /opt', share=6),
    Leak(("API_TOKEN",), 'ARG API_TOKEN\nRUN curl -sSf -H "Authorization: Bearer ${API_TOKEN}" https://models.example.com/@name@.bin -o /opt/model.bin', share=5),
    Leak(("DOWNLOAD_PASSWORD",), "ARG DOWNLOAD_USER=ci\nARG DOWNLOAD_PASSWORD\nRUN wget --user=${DOWNLOAD_USER} --password=${DOWNLOAD_PASSWORD} https://files.example.com/@name@.zip \\\n    && unzip -q @name@.zip -d /opt \\\n    && rm @name@.zip", share=4),
    Leak(("GITHUB_TOKEN",), "ARG GITHUB_TOKEN\nRUN git clone --depth 1 https://x-access-token:${GITHUB_TOKEN}@git.example.com/harbour/common.git /opt/common \\\n    && rm -rf /opt/common/.git", share=7),
    Leak(("GH_PAT",), 'ARG GH_PAT\nRUN git config --global url."https://${GH_PAT}:x-oauth-basic@git.example.com/".insteadOf "https://git.example.com/" \\\n    && go mod download \\\n    && rm -f ~/.gitconfig', "go", share=7, staged=True),
    Leak(("GITLAB_TOKEN",), 'ARG GITLAB_TOKEN\nRUN echo "machine git.example.com login ci password ${GITLAB_TOKEN}" > ~/.netrc && go mod download && rm ~/.netrc', "go", share=6, staged=True),
    Leak(("DEPLOY_TOKEN",), "ARG DEPLOY_TOKEN\nRUN git clone --depth 1 https://deploy:${DEPLOY_TOKEN}@git.example.com/harbour/schemas.git /opt/schemas", share=4),
    # npm
    Leak(("NPM_TOKEN",), 'ARG NPM_TOKEN\nRUN echo "//npm.example.com/:_authToken=${NPM_TOKEN}" > .npmrc \\\n    && npm ci \\\n    && rm -f .npmrc', "node", share=16),
    Leak(("NPM_TOKEN",), "ARG NPM_TOKEN\nCOPY .npmrc ./\nRUN npm ci", "node", share=12, staged=True, files=NPMRC),
    Leak(("NPM_TOKEN",), "ARG NPM_TOKEN\nENV NPM_TOKEN=$NPM_TOKEN\nCOPY .npmrc ./\nRUN yarn install --frozen-lockfile", "node", share=12, staged=True, files=NPMRC),
    Leak(("NODE_AUTH_TOKEN",), 'ARG NODE_AUTH_TOKEN\nRUN npm config set //npm.example.com/:_authToken "$NODE_AUTH_TOKEN" && npm ci && npm config delete //npm.example.com/:_authToken', "node", share=6),
    Leak(("NPM_TOKEN",), "ARG NPM_TOKEN\nENV NPM_TOKEN=${NPM_TOKEN}\nCOPY .npmrc ./\nRUN npm install --production", "node", share=5, files=NPMRC),
    Leak(("NPM_TOKEN",), 'ARG NPM_TOKEN\nRUN if [ -n "$NPM_TOKEN" ]; then echo "//npm.example.com/:_authToken=$NPM_TOKEN" > .npmrc; fi && npm install && rm -f .npmrc', "node", share=5),
    Leak(("NPM_TOKEN",), 'ARG NPM_TOKEN\nRUN echo "//npm.example.com/:_authToken=$NPM_TOKEN" >> .npmrc\nRUN npm ci', "node", share=6, staged=True),
    # pip, poetry
    Leak(("PIP_INDEX_URL",), "ARG PIP_INDEX_URL\nRUN pip install --no-cache-dir --index-url ${PIP_INDEX_URL} -r requirements.txt", "python", share=7),
    Leak(("PIP_EXTRA_INDEX_URL",), "ARG PIP_EXTRA_INDEX_URL\nRUN pip install --no-cache-dir -r requirements.txt", "python", share=8),
    Leak(("PYPI_PASSWORD",), 'ARG PYPI_USER=ci\nARG PYPI_PASSWORD\nRUN pip install --extra-index-url "https://${PYPI_USER}:${PYPI_PASSWORD}@python.example.com/simple" -r requirements.txt', "python", share=9),
    Leak(("POETRY_TOKEN",), 'ARG POETRY_TOKEN\nRUN pip install poetry && poetry config http-basic.harbour ci "$POETRY_TOKEN" && poetry install --no-interaction && poetry config --unset http-basic.harbour', "python", share=6),
    Leak(("GIT_TOKEN",), "ARG GIT_TOKEN\nRUN pip install git+https://oauth2:${GIT_TOKEN}@git.example.com/harbour/lib@v2.1", "python", share=5),
    # the others
    Leak(("MAVEN_PASSWORD",), "ARG MAVEN_USER=ci\nARG MAVEN_PASSWORD\nRUN mvn -B package -DskipTests -Drepo.user=$MAVEN_USER -Drepo.password=$MAVEN_PASSWORD", "java", share=6, staged=True),
    Leak(("ARTIFACTORY_PASSWORD",), "ARG ARTIFACTORY_PASSWORD\nRUN gradle bootJar --no-daemon -PartifactoryPassword=${ARTIFACTORY_PASSWORD}", "java", share=5, staged=True),
    Leak(("BUNDLE_GEMS__EXAMPLE__COM",), "ARG BUNDLE_GEMS__EXAMPLE__COM\nRUN bundle install --jobs 4", "ruby", share=4),
    Leak(("COMPOSER_AUTH",), "ARG COMPOSER_AUTH\nRUN composer install --no-dev --no-interaction", "php", share=4),
    Leak(("COMPOSER_TOKEN",), "ARG COMPOSER_TOKEN\nRUN composer config --global http-basic.repo.example.com token ${COMPOSER_TOKEN} && composer install --no-dev && rm -f ~/.composer/auth.json", "php", share=3),
    Leak(("NUGET_PAT",), 'ARG NUGET_PAT\nRUN dotnet nuget add source https://nuget.example.com/v3/index.json -n harbour -u ci -p "$NUGET_PAT" --store-password-in-clear-text \\\n    && dotnet restore \\\n    && dotnet nuget remove source harbour', "dotnet", share=5, staged=True),
    Leak(("CARGO_REGISTRIES_HARBOUR_TOKEN",), "ARG CARGO_REGISTRIES_HARBOUR_TOKEN\nRUN cargo build --release --locked", "rust", share=3, staged=True),
    Leak(("DB_PASSWORD",), 'ARG DB_PASSWORD\nRUN PGPASSWORD="$DB_PASSWORD" pg_dump -h db.example.com -U app --schema-only app > /opt/schema.sql', share=3),
    Leak(("VAULT_TOKEN",), 'ARG VAULT_TOKEN\nRUN curl -s --header "X-Vault-Token: $VAULT_TOKEN" https://vault.example.com/v1/kv/@name@ | jq -r .data > /opt/settings.json', share=3),
    Leak(("SSH_PRIVATE_KEY",), 'ARG SSH_PRIVATE_KEY\nRUN mkdir -p -m 0700 ~/.ssh \\\n    && echo "$SSH_PRIVATE_KEY" > ~/.ssh/id_rsa && chmod 600 ~/.ssh/id_rsa \\\n    && git clone git@git.example.com:harbour/private.git /opt/private \\\n    && rm -rf ~/.ssh', share=6),
    Leak(("SENTRY_AUTH_TOKEN",), "ARG SENTRY_AUTH_TOKEN\nRUN npx sentry-cli sourcemaps upload --org harbour --project @name@ ./dist", "node", share=4, staged=True),
    # other shapes
    Leak(("NPM_TOKEN",), "ARG NPM_TOKEN\nCOPY .npmrc ./\nRUN npm ci", "node", head="ARG NODE_VERSION=20\nARG NPM_TOKEN", share=3, files=NPMRC, staged=True),
    Leak(("ARTIFACTS_TOKEN",), 'ARG ARTIFACTS_TOKEN\nRUN ["sh", "-c", "curl -fsS -u ci:$ARTIFACTS_TOKEN https://artifacts.example.com/@name@ -o /opt/@name@"]', share=2),
    Leak(("ARTIFACTS_TOKEN",), 'ARG ARTIFACTS_TOKEN\nRUN <<EOF\nset -e\ncurl -fsS -u "ci:$ARTIFACTS_TOKEN" https://artifacts.example.com/@name@.tgz -o /tmp/a.tgz\ntar -xzf /tmp/a.tgz -C /opt\nrm /tmp/a.tgz\nEOF', share=4),
    Leak(("REGISTRY_TOKEN", "ARTIFACTS_TOKEN"), 'ARG REGISTRY_TOKEN\nARG ARTIFACTS_TOKEN\nRUN curl -fsS -u "ci:$ARTIFACTS_TOKEN" -H "X-Registry-Token: $REGISTRY_TOKEN" https://artifacts.example.com/@name@ -o /opt/@name@', share=3),
    Leak(("GITHUB_TOKEN",), 'ARG GITHUB_TOKEN\nRUN for package in common events schemas; do \\\n      curl -fsSL -H "Authorization: token $GITHUB_TOKEN" "https://git.example.com/harbour/$package.tar.gz" | tar -xz -C /opt || exit 1; \\\n    done', share=4),
    Leak(("FEED_TOKEN",), "ARG FEED_TOKEN\nARG FEED_URL=https://build:${FEED_TOKEN}@feed.example.com/simple\nRUN pip install --extra-index-url $FEED_URL -r requirements.txt", "python", share=3),
    # what only a person can mend
    Leak(("JWT_SECRET",), "ARG JWT_SECRET\nENV JWT_SECRET=$JWT_SECRET\nRUN npm ci", "node", share=6, is_fixable=False),
    Leak(("DATABASE_PASSWORD",), "ARG DATABASE_PASSWORD\nENV DATABASE_PASSWORD=${DATABASE_PASSWORD}\nRUN pip install -r requirements.txt", "python", share=5, is_fixable=False),
    Leak(("GIT_TOKEN",), "ARG GIT_TOKEN\nADD https://x-token:${GIT_TOKEN}@git.example.com/harbour/data.tar.gz /opt/", share=3, is_fixable=False),
    Leak(("API_KEY",), "ENV API_KEY=canary-4f1a9c27d3e85b60\nRUN make assets", share=4, is_fixable=False),
    Leak(("DEPLOY_TOKEN",), "ARG DEPLOY_TOKEN\nONBUILD ARG DEPLOY_TOKEN\nONBUILD RUN curl -fsS -u deploy:$DEPLOY_TOKEN https://artifacts.example.com/base", share=1, is_fixable=False),
)  # fmt: skip


def leak_for(random: Random) -> Leak:
    """As often as they are."""
    return random.choices(LEAKS, [each.share for each in LEAKS])[0]
