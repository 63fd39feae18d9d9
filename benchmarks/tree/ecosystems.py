"""How services of each ecosystem are built: the tables that Dockerfiles are made from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ecosystem:
    """What stands in its Dockerfiles, from the first line to the last; `@name@` is the service's, and each tuple has its variants.

    `result` is what a last stage takes from the first one, `packages` are what such files install, in the words of `manager`.
    """

    name: str
    share: int
    bases: tuple[str, ...]
    runtimes: tuple[str, ...]
    packages: tuple[str, ...]
    manifests: tuple[str, ...]
    install: tuple[str, ...]
    build: tuple[str, ...]
    result: str
    commands: tuple[str, ...]
    environment: tuple[str, ...]
    multi: float


DEBIAN = (
    "build-essential",
    "ca-certificates",
    "curl",
    "git",
    "gnupg",
    "jq",
    "less",
    "locales",
    "make",
    "openssl",
    "procps",
    "tini",
    "tzdata",
    "unzip",
    "vim-tiny",
    "wget",
    "xz-utils",
    "zip",
)
PLAIN = ("alpine:3.20", "alpine:3.21", "debian:bookworm-slim", "ubuntu:24.04")

ECOSYSTEMS = (
    Ecosystem(
        "node", 26,
        ("node:18-alpine", "node:20-alpine", "node:22-alpine", "node:20", "node:20-bookworm-slim", "node:22-slim"),
        ("node:20-alpine", "node:22-alpine", "nginx:1.27-alpine", "node:20-slim"),
        ("libvips-dev", "python3", "chromium", "fonts-liberation", "libatomic1"),
        ("COPY package.json package-lock.json ./", "COPY package*.json ./", "COPY package.json yarn.lock ./", "COPY package.json pnpm-lock.yaml ./"),
        ("RUN npm ci", "RUN npm install", "RUN npm ci --omit=dev --no-audit", "RUN yarn install --frozen-lockfile", "RUN corepack enable && pnpm install --frozen-lockfile", "RUN --mount=type=cache,target=/root/.npm npm ci"),
        ("RUN npm run build", "RUN yarn build", "RUN npm run lint && npm run build", "RUN npx tsc -p tsconfig.json"),
        "/app/dist ./dist",
        ('CMD ["node", "dist/index.js"]', 'CMD ["npm", "start"]', "CMD npm start", 'ENTRYPOINT ["node", "--enable-source-maps", "dist/main.js"]'),
        ("NODE_ENV=production", "NPM_CONFIG_LOGLEVEL=warn", "NEXT_TELEMETRY_DISABLED=1", "PORT=3000", "NODE_OPTIONS=--max-old-space-size=2048"),
        0.4,
    ),
    Ecosystem(
        "python", 22,
        ("python:3.11-slim", "python:3.12-slim", "python:3.12", "python:3.11-bookworm", "python:3.13-alpine", "python:3.10"),
        ("python:3.12-slim", "python:3.11-slim"),
        ("gcc", "libpq-dev", "libffi-dev", "libxml2-dev", "libxslt1-dev", "postgresql-client", "libgomp1", "python3-dev"),
        ("COPY requirements.txt .", "COPY requirements.txt requirements-dev.txt ./", "COPY pyproject.toml poetry.lock ./", "COPY setup.py setup.cfg ./", "COPY pyproject.toml uv.lock ./"),
        ("RUN pip install --no-cache-dir -r requirements.txt", "RUN pip install -r requirements.txt", "RUN pip install --upgrade pip && pip install --no-cache-dir -r requirements.txt", "RUN pip install poetry && poetry config virtualenvs.create false && poetry install --no-interaction --only main", "RUN pip install uv && uv sync --frozen --no-dev"),
        ("RUN python -m compileall -q .", "RUN python manage.py collectstatic --noinput", "RUN pip install --no-deps ."),
        "/usr/local/lib/python3.12/site-packages /usr/local/lib/python3.12/site-packages",
        ('CMD ["python", "-m", "app"]', 'CMD ["gunicorn", "-b", "0.0.0.0:8000", "app.wsgi"]', 'CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]', "CMD python main.py", 'ENTRYPOINT ["celery", "-A", "app", "worker"]'),
        ("PYTHONUNBUFFERED=1", "PYTHONDONTWRITEBYTECODE=1", "PIP_NO_CACHE_DIR=1", "PYTHONPATH=/app", "POETRY_VIRTUALENVS_CREATE=false"),
        0.25,
    ),
    Ecosystem(
        "go", 16,
        ("golang:1.22", "golang:1.23-alpine", "golang:1.23-bookworm", "golang:1.24-alpine"),
        ("alpine:3.20", "scratch", "debian:bookworm-slim", "registry.example.com/distroless/static:nonroot"),
        ("git", "make", "protobuf-compiler", "upx-ucl"),
        ("COPY go.mod go.sum ./", "COPY go.* ./", "COPY go.mod ."),
        ("RUN go mod download", "RUN go mod download -x", "RUN --mount=type=cache,target=/go/pkg/mod go mod download"),
        ("RUN CGO_ENABLED=0 go build -o /out/@name@ ./cmd/@name@", 'RUN CGO_ENABLED=0 GOOS=linux go build -trimpath -ldflags="-s -w" -o /out/@name@ .', "RUN make build", "RUN go vet ./... && go build -o /out/@name@ ./..."),
        "/out/@name@ /usr/local/bin/@name@",
        ('ENTRYPOINT ["/usr/local/bin/@name@"]', 'CMD ["@name@", "serve"]', 'ENTRYPOINT ["@name@"]'),
        ("CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GO111MODULE=on", "GOOS=linux"),
        0.85,
    ),
    Ecosystem(
        "java", 11,
        ("maven:3.9-eclipse-temurin-17", "maven:3.9-eclipse-temurin-21", "gradle:8.10-jdk21", "eclipse-temurin:17-jdk"),
        ("eclipse-temurin:17-jre", "eclipse-temurin:21-jre-alpine", "amazoncorretto:17"),
        ("fontconfig", "libfreetype6", "maven"),
        ("COPY pom.xml .", "COPY pom.xml mvnw ./\nCOPY .mvn .mvn", "COPY build.gradle settings.gradle ./"),
        ("RUN mvn -B dependency:go-offline", "RUN ./mvnw -B -q dependency:resolve", "RUN gradle dependencies --no-daemon"),
        ("RUN mvn -B package -DskipTests", "RUN ./mvnw -B clean package", "RUN gradle bootJar --no-daemon"),
        "/app/target/@name@.jar /opt/@name@.jar",
        ('ENTRYPOINT ["java", "-jar", "/opt/@name@.jar"]', 'CMD ["java", "-XX:MaxRAMPercentage=75", "-jar", "/opt/@name@.jar"]', "ENTRYPOINT exec java $JAVA_OPTS -jar /opt/@name@.jar"),
        ('JAVA_OPTS="-Xms256m -Xmx1g"', "SPRING_PROFILES_ACTIVE=docker", "MAVEN_OPTS=-Xmx1g", "SERVER_PORT=8080"),
        0.7,
    ),
    Ecosystem(
        "ruby", 5,
        ("ruby:3.2", "ruby:3.3-slim", "ruby:3.3-alpine"),
        ("ruby:3.3-slim",),
        ("libpq-dev", "nodejs", "imagemagick", "libyaml-dev", "shared-mime-info"),
        ("COPY Gemfile Gemfile.lock ./", "COPY Gemfile* ./"),
        ("RUN bundle install --jobs 4", "RUN bundle config set without 'development test' && bundle install", "RUN gem install bundler && bundle install"),
        ("RUN bundle exec rails assets:precompile", "RUN bundle exec rake assets:precompile"),
        "/usr/local/bundle /usr/local/bundle",
        ('CMD ["bundle", "exec", "puma", "-C", "config/puma.rb"]', 'CMD ["rails", "server", "-b", "0.0.0.0"]', 'ENTRYPOINT ["./bin/docker-entrypoint"]'),
        ("RAILS_ENV=production", "BUNDLE_WITHOUT=development:test", "RAILS_LOG_TO_STDOUT=1", "LANG=C.UTF-8"),
        0.3,
    ),
    Ecosystem(
        "php", 6,
        ("php:8.2-fpm", "php:8.3-fpm-alpine", "php:8.3-apache", "php:8.2-cli"),
        ("php:8.3-fpm-alpine", "nginx:1.27-alpine"),
        ("libzip-dev", "libpng-dev", "libicu-dev", "libonig-dev", "supervisor"),
        ("COPY composer.json composer.lock ./", "COPY composer.* ./"),
        ("RUN composer install --no-dev --no-interaction", "RUN composer install --no-dev --prefer-dist --no-scripts --no-progress"),
        ("RUN composer dump-autoload --optimize", "RUN php artisan config:cache && php artisan route:cache"),
        "/app /var/www/html",
        ('CMD ["php-fpm"]', 'CMD ["apache2-foreground"]', 'CMD ["php", "artisan", "queue:work"]'),
        ("APP_ENV=prod", "COMPOSER_ALLOW_SUPERUSER=1", "PHP_MEMORY_LIMIT=256M", "APACHE_DOCUMENT_ROOT=/var/www/html/public"),
        0.25,
    ),
    Ecosystem(
        "rust", 3,
        ("rust:1.80", "rust:1.82-slim-bookworm", "rust:1-alpine"),
        ("debian:bookworm-slim", "alpine:3.20", "scratch"),
        ("pkg-config", "libssl-dev", "musl-dev", "cmake"),
        ("COPY Cargo.toml Cargo.lock ./", "COPY Cargo.toml Cargo.lock ./\nRUN mkdir src && echo 'fn main() {}' > src/main.rs"),
        ("RUN cargo fetch --locked", "RUN cargo build --release --locked"),
        ("RUN cargo build --release", "RUN --mount=type=cache,target=/usr/local/cargo/registry cargo build --release --locked"),
        "/app/target/release/@name@ /usr/local/bin/@name@",
        ('CMD ["@name@"]', 'ENTRYPOINT ["/usr/local/bin/@name@"]'),
        ("RUST_BACKTRACE=1", "RUST_LOG=info", "CARGO_TERM_COLOR=never"),
        0.85,
    ),
    Ecosystem(
        "dotnet", 4,
        ("registry.example.com/dotnet/sdk:8.0", "registry.example.com/dotnet/sdk:9.0"),
        ("registry.example.com/dotnet/aspnet:8.0", "registry.example.com/dotnet/runtime:9.0"),
        ("libgdiplus", "libicu-dev"),
        ("COPY *.csproj ./", "COPY *.sln ./\nCOPY src/*/*.csproj ./src/"),
        ("RUN dotnet restore", "RUN dotnet restore -r linux-x64"),
        ("RUN dotnet publish -c Release -o /app/out", "RUN dotnet publish -c Release -o /app/out --no-restore /p:UseAppHost=false"),
        "/app/out .",
        ('ENTRYPOINT ["dotnet", "@name@.dll"]', 'CMD ["dotnet", "@name@.dll", "--urls", "http://+:8080"]'),
        ("DOTNET_CLI_TELEMETRY_OPTOUT=1", "ASPNETCORE_URLS=http://+:8080", "ASPNETCORE_ENVIRONMENT=Production"),
        0.9,
    ),
    Ecosystem(
        "nginx", 7,
        ("nginx:1.27-alpine", "nginx:1.27", "httpd:2.4-alpine", "haproxy:3.0", "redis:7-alpine", "postgres:16", "mysql:8.4", "rabbitmq:3-management"),
        ("nginx:1.27-alpine",),
        ("bash", "curl", "gettext-base", "openssl"),
        ("COPY conf/ /etc/@name@/", "COPY nginx.conf /etc/nginx/nginx.conf", "COPY default.conf.template /etc/nginx/templates/"),
        ("RUN rm -f /etc/nginx/conf.d/default.conf", "RUN chmod -R g+w /var/cache", "RUN mkdir -p /var/lib/@name@"),
        ("RUN ls -l /etc/@name@ || true", "RUN touch /var/run/@name@.pid"),
        "/app/public /usr/share/nginx/html",
        ('CMD ["nginx", "-g", "daemon off;"]', 'ENTRYPOINT ["/docker-entrypoint.sh"]'),
        ("TZ=Etc/UTC", "NGINX_ENTRYPOINT_QUIET_LOGS=1", "LANG=C.UTF-8"),
        0.1,
    ),
)  # fmt: skip
