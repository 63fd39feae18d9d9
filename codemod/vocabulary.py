"""Tables: the words that names of variables are made of, and what each says of a secret. All in small letters, singular."""

from __future__ import annotations

import re

# a number behind any other word only counts
WITH_NUMBERS = frozenset({"auth0", "b64", "base64", "ed25519", "md5", "oauth2", "p12", "pkcs12", "s3", "sha1", "sha256", "sha512", "x509"})
# bundlers copy these into what browsers get, so they can be no secret (each framework's documentation of its prefix)
PUBLIC_PREFIXES = (
    "NEXT_PUBLIC_",
    "VITE_",
    "REACT_APP_",
    "EXPO_PUBLIC_",
    "GATSBY_",
    "NUXT_PUBLIC_",
    "VUE_APP_",
    "PUBLIC_",
    "MIX_",
    "NUXT_ENV_",
    "PREACT_APP_",
    "RAZZLE_",
    "REDWOOD_ENV_",
    "SANITY_STUDIO_",
    "STORYBOOK_",
    "TARO_APP_",
    "UMI_APP_",
)
# in other languages too, Czech to Vietnamese
SECRET_WORDS = frozenset({
    "accesskey", "apikey", "apitoken", "appkey", "authkey", "authtoken", "basicauth", "bearer", "clave", "connectionstring", "connstr",
    "connstring", "contrasena", "cred", "credential", "creds", "deploykey", "fernet", "geheim", "geheimnis", "gizli", "gslt", "haslo",
    "hemlighet", "heslo", "htpasswd", "jelszo", "jeton", "jwt", "kennwort", "keypass", "keytab", "kubeconfig", "licensekey", "losenord",
    "lozinka", "masterauth", "masterkey", "mdp", "mima", "mnemonic", "motdepasse", "netrc", "npmrc", "parol", "parola", "pass",
    "passcode", "passin", "passord", "passout", "passphrase", "passw", "passwd", "password", "passwort", "passwrod", "pasword", "pat",
    "pepper", "presigned", "privatekey", "privkey", "psk", "psw", "pswd", "pw", "pwd", "pword", "pypirc", "regcode", "rocommunity",
    "rwcommunity", "salasana", "schluessel", "scrt", "secret", "secretkey", "secreto", "segredo", "segreto", "sekret", "senha",
    "setcookie", "sifre", "sshkey", "storepass", "tkn", "tok", "token", "tsig", "unseal", "userpass", "userpwd", "wachtwoord", "whsec",
})  # fmt: skip
# what several words run together end in, or begin with
ENDINGS = re.compile(
    r".*(?:pass(?:w(?:or)?d|word|phrase|code|wort)?|passwrd|token|secret|(?:aes|api|crypt|des|private|access|auth|licen[cs]e|secret|ssh|deploy|master|"
    r"account|admin|signing|app|activation|product|prod|pid|lic|reg)key|pwd?|psw|creds|credentials?|jwt|pepper|schluessel|(?:git|npm|docker|registry|basic|http|proxy)auth|(?:gh|gl|git|github|gitlab|ado|azdo|npm)pat)"
)
BEGINNINGS = re.compile(r"(?:token(?!i)|parola|passw(?:or)?d(?!less)|passphrase|secret(?!ar))\w+")
NO_ENDINGS = frozenset({
    "askpass", "bandpass", "bypass", "compass", "detoken", "encompass", "fastcgipass", "keepass", "lastpass", "libsecret", "multipass",
    "nontoken", "nopass", "oldpwd", "onepass", "overpass", "proxypass", "singlepass", "surpass", "trespass", "twopass", "underpass",
})  # fmt: skip
# a key is a secret when the word before says what it opens …
KEYS = frozenset({
    "access", "account", "activate", "activation", "admin", "aes", "age", "agent", "api", "app", "application", "auth", "authentication",
    "authorization", "ca", "cert", "client", "consumer", "cookie", "credential", "crypt", "crypto", "data", "decrypt", "decryption",
    "deploy", "deployment", "developer", "ecdsa", "ed25519", "encrypt", "encryption", "enrollment", "feed", "fernet", "functions", "hmac",
    "id", "ingest", "ingestion", "install", "installation", "integration", "join", "jwt", "licence", "license", "live", "login", "maps",
    "master", "node", "nuget", "pass", "password", "priv", "private", "product", "provisioning", "prv", "push", "read", "record",
    "registration", "role", "root", "rsa", "sa", "sdk", "secret", "seed", "serial", "server", "service", "session", "shared", "sign",
    "signing", "ssh", "ssl", "storage", "subscription", "team", "tls", "token", "unlock", "unseal", "upload", "user", "vapid", "vault",
    "webhook", "wireguard", "workspace", "write",
})  # fmt: skip
# keys that only look something up, or that everybody may have, unless the word before is one of these
NO_KEYS = frozenset({
    "apt", "artifact", "build", "cache", "component", "config", "debug", "dedup", "env", "feature", "file", "fingerprint", "flag",
    "foreign", "gpg", "group", "hash", "host", "hot", "i", "ide", "idekey", "idempotency", "image", "index", "issue", "job", "keyring",
    "label", "locale", "localization", "lookup", "map", "message", "metadata", "metric", "object", "package", "partition", "pgp", "plan",
    "primary", "pub", "public", "redis", "registry", "release", "repo", "repository", "routing", "row", "rpm", "s3", "sbt", "sha", "sha1",
    "shard", "sort", "sorting", "source", "space", "tag", "template", "topic", "translation", "trusted", "unique", "xdebug", "yaml",
    "yum",
})  # fmt: skip
STRONG_KEYS = frozenset({"access", "api", "auth", "encryption", "master", "priv", "private", "prv", "secret"})
# two words that are one, in this order or the other
SECRET_PAIRS = frozenset({
    ("chave", "api"), ("cle", "api"), ("basic", "auth"), ("activation", "code"), ("recovery", "code"), ("unlock", "code"),
    ("auth", "config"), ("kube", "config"), ("license", "content"), ("cluster", "cookie"), ("erlang", "cookie"), ("release", "cookie"),
    ("git", "credential"), ("id", "dsa"), ("id", "ecdsa"), ("id", "ed25519"), ("auth", "ident"), ("account", "json"), ("sa", "json"),
    ("auth", "key"), ("pkcs12", "key"), ("private", "key"), ("prv", "key"), ("mat", "khau"), ("signing", "p12"), ("de", "passe"),
    ("key", "pem"), ("private", "pem"), ("ssh", "pem"), ("recovery", "phrase"), ("seed", "phrase"), ("hsm", "pin"), ("user", "pin"),
    ("id", "rsa"), ("auth", "salt"), ("encryption", "salt"), ("hash", "salt"), ("hashids", "salt"), ("nonce", "salt"),
    ("password", "salt"), ("secret", "salt"), ("session", "salt"), ("token", "salt"), ("wp", "salt"), ("kata", "sandi"),
    ("account", "sas"), ("storage", "sas"), ("wallet", "seed"), ("activation", "serial"), ("license", "serial"), ("conn", "str"),
    ("connection", "str"), ("conn", "string"), ("connection", "string"), ("identity", "token"), ("sas", "token"),
})  # fmt: skip
# what begins like this asks whether or how many, or is about it
FIRST_WORDS_AGAINST = frozenset({
    "accept", "allow", "create", "disable", "enable", "force", "generate", "has", "have", "ignore", "is", "keep", "list", "max", "min",
    "no", "num", "require", "requires", "should", "show", "skip", "use", "with", "without",
})  # fmt: skip
WORDS_AGAINST = frozenset({"maximum", "minimum", "num", "per", "tokenization", "tokenizer"})
# what a language model or a parser calls a token, what has two passes, nginx's directives (ngx_http_proxy_module and its kin)
PAIRS_AGAINST = frozenset({
    *((word, "token") for word in (
        "eos", "bos", "pad", "unk", "mask", "sep", "cls", "special", "stop", "prompt", "context", "completion", "ctx",
        "native", "governance", "chunk", "total", "audio", "think", "lexer",
    )),
    *((word, "pass") for word in (
        "first", "second", "third", "two", "single", "multi", "double", "fastcgi", "uwsgi", "scgi", "grpc", "memcached", "render",
        "boarding", "all", "must", "should",
    )),
    *(("pass", word) for word in ("through", "thru", "rate", "arg", "args", "flag", "flags", "along", "on", "count", "env", "criteria")),
    *(("password", word) for word in ("less", "manager", "reset", "change", "generator", "check", "checker")),
    *((word, "secret") for word in ("external", "sealed", "k8s", "kubernetes", "sops", "bitnami", "helm", "detect")),
    ("token", "bucket"), ("secret", "service"), ("credential", "process"), ("key", "value"), ("key", "pair"), ("key", "vault"),
    ("token", "exchange"), ("secret", "rotation"), ("oauth", "proxy"), ("oauth2", "proxy"),
})  # fmt: skip
AUTH = frozenset({
    "artifactory", "basic", "composer", "conan", "curl", "docker", "ftp", "gem", "git", "github", "gitlab", "helm", "http", "jfrog",
    "maven", "nexus", "npm", "nuget", "pip", "proxy", "pypi", "redis", "registry", "smtp", "svn", "wget", "yarn",
})  # fmt: skip
# what Bundler reads a host's credentials from: dots are two underscores (bundle-config, "Credentials for gem sources")
BUNDLER_HOST = re.compile(r"BUNDLE_\w+__[A-Z]+")
# a URL of these mostly carries a password
CARRIERS = frozenset({
    ("discord", "hook"), ("slack", "hook"), ("teams", "hook"), ("extra", "index"), ("webhook", "signing"), ("discord", "webhook"),
    ("incoming", "webhook"), ("mattermost", "webhook"), ("slack", "webhook"), ("teams", "webhook"),
})  # fmt: skip
# … and of these, whatever stands between
DATABASES = frozenset({
    "amqp", "broker", "celery", "cleardb", "clickhouse", "cloudamqp", "cloudinary", "cockroach", "database", "db", "jawsdb", "jdbc",
    "mailer", "mariadb", "mongo", "mongodb", "mongohq", "mongolab", "mysql", "neon", "pg", "planetscale", "postgres", "postgresql",
    "rabbitmq", "redis", "smtp", "sql", "sqlalchemy", "timescale",
})  # fmt: skip
# these may
MAYBE_CARRIERS = frozenset({
    ("feed", "url"), ("index", "url"), ("registry", "url"), ("repo", "url"), ("repository", "url"), ("webhook", "url"),
})  # fmt: skip
# what is behind another word mostly one: a shared access signature, a licence, a private key
PROBABLE_ENDS = frozenset({"entitlement", "lic", "license", "otp", "priv", "prv", "rsa", "salt", "sas", "serial", "sk", "webhook"})
# what asks who one is, and needs no secret for it
NO_AUTH = frozenset({
    "always", "digest", "google", "kerberos", "ldap", "mod", "mtls", "oauth", "pam", "saml", "sasl", "sso", "tls", "user",
})  # fmt: skip
MAYBE_WORDS = frozenset({
    "auth", "authorization", "cookie", "dsn", "entitlement", "jks", "keystore", "lic", "login", "logins", "oauth", "oauth2", "otp", "p12",
    "pem", "pepper", "pfx", "pkcs12", "sas", "serial", "totp", "webhook",
})  # fmt: skip
# the last word says what the value is, whatever the words before: a path, a number, a name
LAST_WORDS_AGAINST = frozenset({
    "account", "action", "adapter", "addon", "addr", "address", "age", "agent", "alg", "algo", "algorithm", "alias", "app",
    "architecture", "arn", "asset", "attempts", "attr", "attribute", "aud", "audience", "authentication", "backend", "backends", "bits",
    "branch", "bucket", "bundle", "bust", "buster", "bytes", "ca", "cache", "cert", "certificate", "channel", "charset", "checksum",
    "claim", "class", "cli", "client", "cluster", "color", "column", "commit", "component", "controller", "cost", "count", "country",
    "crt", "curve", "date", "days", "debug", "decimals", "detector", "dialect", "digest", "dir", "directory", "disabled", "doc", "docs",
    "domain", "download", "driver", "dummy", "duration", "edition", "email", "enable", "enabled", "encoder", "encryption", "endpoint",
    "engine", "env", "environment", "example", "exp", "expiration", "expire", "expires", "expiry", "extension", "factory", "family", "fd",
    "feature", "field", "file", "filename", "filter", "fingerprint", "flag", "flow", "folder", "format", "fpr", "frontend", "gateway",
    "generator", "gid", "grant", "group", "guid", "handler", "hasher", "header", "helper", "home", "host", "hostname", "hours", "id",
    "identifier", "identity", "image", "implementation", "injector", "interval", "ip", "iss", "issuer", "iteration", "iterations",
    "keyring", "keyserver", "kind", "label", "laenge", "lang", "language", "layout", "len", "length", "level", "lib", "library",
    "lifespan", "lifetime", "limit", "linter", "list", "locale", "location", "logo", "longueur", "manager", "map", "mapping", "max",
    "md5", "mechanism", "message", "method", "metric", "middleware", "min", "minutes", "mode", "model", "module", "name", "namespace",
    "offset", "operator", "option", "order", "org", "organisation", "organization", "origin", "os", "owner", "package", "page", "path",
    "pattern", "percent", "permission", "permissions", "pkg", "place", "plan", "platform", "plugin", "policy", "pool", "port", "position",
    "prefix", "preset", "priority", "process", "profile", "project", "prompt", "protocol", "provider", "provisioner", "query", "queue",
    "rate", "realm", "redirect", "ref", "refresh", "regex", "regexp", "region", "release", "repo", "repository", "required",
    "requirement", "resolver", "resource", "retention", "retries", "revision", "role", "rotation", "rounds", "route", "rule", "sample",
    "scanner", "schema", "scheme", "scope", "script", "sdk", "seconds", "secs", "separator", "server", "service", "setting", "settings",
    "sha", "sha1", "sha256", "sha512", "shape", "site", "size", "skip", "slot", "spec", "state", "status", "store", "strategy",
    "strength", "style", "subject", "suffix", "switch", "symbol", "table", "tag", "tamanho", "target", "template", "tenant", "theme",
    "threshold", "timeout", "timestamp", "title", "tool", "topic", "ttl", "type", "uid", "upstream", "uri", "url", "usage", "user",
    "username", "uuid", "validator", "validity", "vendor", "ver", "version", "view", "volume", "window", "worker", "workers", "workflow",
    "zone",
})  # fmt: skip
# words that may stand behind the one that tells: how the value is written, for which stage it is
BEHIND = frozenset({
    "arg", "args", "b64", "base64", "build", "ci", "content", "contents", "data", "default", "dev", "development", "encoded", "json",
    "local", "param", "placeholder", "plain", "prod", "production", "qa", "raw", "readonly", "ro", "staging", "stdin", "text", "uat",
    "val", "value", "var",
})  # fmt: skip
# what says that it is a file itself, not its name
CONTENTS = frozenset({"b64", "base64", "content", "contents", "data", "json"})
PUBLIC_WORDS = frozenset({"anon", "anonymous", "pubkey", "pubkeys", "public", "publickey", "publishable"})
# words that a secret's name may end in as well: whose it is, or what it opens
WEAK_LAST_WORDS = frozenset({
    "account", "agent", "app", "client", "cluster", "domain", "email", "host", "org", "organization", "owner", "project", "repo",
    "repository", "server", "service", "site", "tenant", "tool", "user",
})  # fmt: skip
# names that only begin like that
OTHER_BEGINNINGS = frozenset({("min", "io"), ("max", "mind"), ("is", "o"), ("no", "reply"), ("has", "ura")})
# what everybody sees of it, if it is public
SHOWN = frozenset({"access", "api", "cert", "certificate", "client", "id", "key", "pem", "ssh", "token"})
# files that hold credentials
FILES = frozenset({"htpasswd", "keytab", "kubeconfig", "netrc", "npmrc", "pypirc"})
# with these anywhere, a key only checks signatures
NO_KEYS_ANYWHERE = frozenset({"apt", "gpg", "keyring", "pgp", "rpm", "yum"})
