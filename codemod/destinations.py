"""Tables: the places in commands that only credentials go to, and those that none goes to.

A pattern is matched against all words of a command, quotes gone: § is the value, a blank leads to the next word, ^ and $ are the
ends of a word, and . stays in it. The first row that fits counts.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from codemod.carriers import MARK

WRITTEN, FOR, PARTLY_FOR, A_BIT_FOR, A_BIT_AGAINST, AGAINST = 6, 5, 2, 1, -1, -2


class Destination(NamedTuple):
    """Which commands (empty: any), which words, and what that means."""

    commands: frozenset[str]
    pattern: str
    detail: str
    weight: int

    def fits(self, tools: frozenset[str], text: str) -> bool:
        """Whether words that one of `tools` is given carry the value to this place."""
        return (not self.commands or bool(tools & self.commands)) and _compiled(self.pattern).search(text) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compiled when it is first asked: most runs need a few of them."""
    return re.compile(pattern, re.MULTILINE)


def _row(commands: str, pattern: str, detail: str, weight: int = FOR) -> Destination:
    spelled = pattern.replace("§", MARK).replace(" ", "\n")
    return Destination(frozenset(commands.split()), spelled, detail, weight)


# the password of a URL, or a token in the place of the user: not the user's name before a password
USERINFO = r"(?:://[^/\s@:]*:[^/\s@]*§[^/\s@]*|https?://§(?::[^$@/\s]*)?)@".replace("§", MARK)
OPTION = r"(?:[\w-]*[-_])?(?:password|passwd|passcode|token|api[-_]?key|secret|secret[-_]key|passphrase|pat)"
PACKAGES = "apk apt apt-get yum dnf microdnf zypper"
LANGUAGES = "pip pip3 npm gem go cargo brew yarn pnpm uv conda"
CREDENTIAL, PASSWORD, NAME = "it is given as a credential", "it is given as a password", "its name is given, not its value"

# What is asked first.
CREDENTIALS = (
    _row("", USERINFO, "a URL carries it as a credential"),
    _row("gcloud vault op doppler aws infisical az", r"^--(?:secret|secret-id|name|path|project|key)[ =]§|"
         r"^(?:read|kv|get|versions) (?:.*\n)*§", NAME, AGAINST),
    _row("", r"^--(?:[\w-]*-)?(?:secret|key|password|token|passphrase)-(?:id|name|file|path|url)[ =]§", NAME, AGAINST),
    _row("", r"^--(?:max|min|num)[\w-]*[ =]§", "it is a number", AGAINST),
    _row("", r"(?i:authorization|authentication|cookie|(?:private|job|deploy)-token|x-[\w-]*(?:key|token|auth|secret|api|team))"
         r"['\"]?\s*[:=]\s*.*§",
         "it is sent in a credential header"),
    _row("", r"(?i:bearer|basic)\s+§", "it is sent in a credential header"),
    _row("", r"(?<!\w)_(?:authToken|auth|password)(?:\s*[= ]\s*)[\"']?§", "npm sends it as a credential"),
    _row("", r"\"auth\"\s*:\s*\"§", "it is a registry's credential"),
    _row("curl etcdctl", r"^(?:-\w*[uU]|--user|--proxy-user)[ =]?(?:§(?::(?!\$)|$)|[^:\s]*:.*§)", "curl sends it as a password"),
    _row("curl", r"^(?:-b|--cookie|-E|--cert)[ =].*[=:]§", "curl sends it as a credential"),
    _row("wget", r"--(?:http-|ftp-|proxy-)?password[= ]§", "wget sends it as a password"),
    _row("curl http https xh", r"^(?:-H|--header|-a|--auth) (?:.*:)?§$", "it is sent as a header of its own", PARTLY_FOR),
    _row("", r"^--[\w-]*header[ =]§$", "it is sent as a header of its own", PARTLY_FOR),
    _row("sudo doas gosu su runuser psql pg_isready pg_dump pg_restore createdb memcached", r"^-[pP][ =]?§$", "it is no password's option",
         A_BIT_AGAINST),
    _row("", r"^(?:-u|--user|--username|--login)[ =]?.+\n(?:.*\n)*(?:-x?p|--pass)[ =]?§$|^-U .+\n(?:.*\n)*-P ?§$", PASSWORD, 3),
    _row("docker podman nerdctl skopeo crane helm buildah oras", r"^login (?:.*\n)*(?:-p|--password)[ =]?§$",
         "it is a registry's password"),
    _row("mysql mysqldump mysqladmin mariadb mariadb-admin", r"^-p§", PASSWORD),
    _row("sshpass useradd usermod mongo mongosh mongorestore az twine conan "
         "ipa-client-install kinit influx arangosh impala-shell elasticsearch-users cypher-shell", r"^-[pw] ?§", PASSWORD),
    _row("kdb5_util sqlcmd bcp cqlsh p4 mosquitto_pub mosquitto_sub smbmap", r"^-[pP] ?§", PASSWORD),
    _row("unzip zip", r"^-P ?§", PASSWORD),
    _row("7z 7za 7zz unrar rar", r"^-(?:p|hp) ?§", PASSWORD),
    _row("redis-cli", r"^-a ?§", PASSWORD),
    _row("ldapadd ldapmodify ldapsearch ldapwhoami ldappasswd mysqlsh", r"^-w ?§", PASSWORD),
    _row("impdp expdp sqlldr net smbclient lftp sqlplus mount mount.cifs ncftpget isql", r"[%,/]§|pass(?:word)?=§", PASSWORD),
    _row("ssh-keygen", r"^-[NP] ?§", "it is given as a passphrase"),
    _row("openssl", r"passwd\n(?:.*\n)*.*§|^-(?:k|K|hmac) §", "it is hashed as a password"),
    _row("", r"\bpass:§", "it is given as a passphrase"),
    _row("htpasswd mosquitto_passwd", r"^-\w*b\w* (?:.*\n)*§\Z", "it is hashed as a password"),
    _row("rabbitmqctl", r"^(?:add_user|change_password) .+ §", PASSWORD),
    _row("nuget choco", r"^(?:-k|-p|--api-key|-ApiKey|-Password|setapikey)[ =]§", CREDENTIAL),
    _row("dotnet nuget", r"://\S*/§/api\b", "the URL of a feed carries it", PARTLY_FOR),
    _row("dotnet", r"^(?:nuget|dev-certs) (?:.*\n)*(?:-k|-p|--api-key|--password) §", CREDENTIAL),
    _row("composer", r"^\S*(?:oauth|token|bearer)\S* §|http-basic\S* .+ §", "composer sends it as a credential"),
    _row("poetry", r"http-basic\S* .+ §|^pypi-token\S* §", "poetry sends it as a credential"),
    _row("bundle bundler", r"^config\n(?:(?:set|--global|--local)\n)*(?!(?:build|mirror|path|local|cache)\.)\S+\.\S+ (?:\S+:)?§\Z",
         "bundler sends it as a credential"),
    _row("vault", r"^secret_id=§", CREDENTIAL),
    _row("", r"machine\s+\S+\s+login\s+§(?!.*password)", "a .netrc has it as a login without a password"),
    _row("", r"create(?:_?superuser|Account|User)\(.*§|\blogin\(\s*['\"\\]*§", PASSWORD),
    _row("slappasswd doveadm security kadmin kadmin.local", r"^-(?:s|p|pw) ?§", PASSWORD),
    _row("", r"(?i:set\s+password\s*(?:for\b|=|\()).*§", PASSWORD),
    _row("", r"^(?:[^:\s]+:){4}§$", "a .pgpass has it as a password"),
    _row("", r"://\S*/(?:services/T|webhooks?/)\S*§|://hooks\S*§|/bot§/", "the URL of a webhook or a bot carries it"),
    _row("vault", r"unseal (?:.*\n)*§$", CREDENTIAL),
    _row("", r"sv_setsteamaccount\s§", CREDENTIAL),
    _row("", r"://\S*/t/§/", "the URL of a channel carries it"),
    _row("", r"\benroll\b(?:.*\n)*.*§$|^--register §", "it is given to enrol"),
    _row("shodan", r"^init §", CREDENTIAL),
    _row("lftp", r"^-u §$", PASSWORD),
    _row("ss-server ss-local ss-redir ssserver sslocal", r"^-k ?§", PASSWORD),
    _row("pkcs11-tool softhsm2-util yubico-piv-tool ykman", r"^--(?:so-)?pin[ =]§", PASSWORD),
    _row("", r"\bauth\s+§", "it is written behind a credential's name", PARTLY_FOR),
    _row("", r"[\t\x20](?:admin|root|administrator):§", PASSWORD),
    _row("", r"\w*(?:[Ll]icense|[Aa]ctivate)\w*\(\s*['\"\\]*§", "it is given as a licence"),
    _row("ttyd", r"^-c \S+:§", PASSWORD),
    _row("", r"(?i)extraheader=§", "it is sent as a header of its own"),
    _row("", r"^--ticket[ =]§", CREDENTIAL),
    _row("influx", r"^-t ?§", CREDENTIAL),
    _row("grbgetkey steam-totp oathtool", r"§$", CREDENTIAL),
    _row("jf jfrog", r"^import §", CREDENTIAL),
    _row("net-snmp-create-v3-user net-snmp-config", r"^-[AX] ?§", PASSWORD),
    _row("", r"\b(?:admin|root)\s+=\s+['\"]?§", "it is written behind an administrator's name", PARTLY_FOR),
    _row("gitlab-runner", r"^-[rt] ?§", CREDENTIAL),
    _row("cloudflared", r"^service install §", CREDENTIAL),
    _row("mkpasswd wpa_passphrase htdigest argon2 grub-mkpasswd-pbkdf2", r"§\Z", PASSWORD),
    _row("caddy", r"^hash-password (?:.*\n)*§", PASSWORD),
    _row("anaconda vercel codecov ghr ghr-cli github-release coveralls codacy-coverage-reporter", r"^-t ?§", CREDENTIAL),
    _row("mc", r"^(?:alias set|config host add) .+ .+ .+ §", CREDENTIAL),
    _row("mix", r"^--(?:auth-)?key[ =]§", "hex sends it as a credential"),
    _row("cypress", r"^--key[ =]§", CREDENTIAL),
    _row("steamcmd steamcmd.sh", r"^\+login (?!\+)\S+ §", PASSWORD),
    _row("steamcmd steamcmd.sh", r"^\+login § \+", PASSWORD, PARTLY_FOR),
    _row("vault cargo wandb snyk ngrok pro ua fly flyctl railway huggingface-cli hf tailscale zerotier-cli", r"^(?:login|auth|authtoken|"
         r"add-authtoken|attach|unwrap|config\nadd-authtoken)\n(?:.*\n)*§$", CREDENTIAL),
    _row("glab doctl netlify", r"^(?:auth|login)\n(?:.*\n)*-t §", CREDENTIAL),
    _row("bw", r"^(?:unlock|login)\n(?:.*\n)*§", PASSWORD),
    _row("swaks", r"^-ap §", PASSWORD),
    _row("", r"(?<!accept-)licen[cs]e[\w-]* (?:.*\n)*§", "it is given as a licence", PARTLY_FOR),
    _row("", r"^--?auth(?:orization)?[ =](?:[^\s:]+:)?§", CREDENTIAL, PARTLY_FOR),
    _row("", r"^--?(?:activat\w*(?:-licen[cs]e|-code)?|serial(?:number)?|lic(?:en[cs]e)?)[ =]§|"
         r"^--?entitlement[ =]§|^--(?:activation-)?code[ =]§", "it is given as a licence", PARTLY_FOR),
    _row("subscription-manager SUSEConnect tailscale", r"^(?:--activationkey|--auth-?key|-r|-e)[ =]§", CREDENTIAL),
    _row("", rf"^--?{OPTION}[ =]§", "an option takes it as a credential"),
    _row("", r"(?i:identified\s+(?:with\s+\S+\s+)?by|(?<![/\w.])passwo?r?d|passphrase)(?:[\t\x20]+|\s*\()['\"(]*§",
         "it is written behind a credential's name"),
    _row("", r"(?i)[?&](?:access_token|private_token|token|api_key|apikey|key|auth|[\w-]*sig(?:nature)?|pw|pwd|pass|oinkcode)=§",
         "a URL carries it as a credential"),
    _row("curl wget azcopy aria2c", r"\?§(?:$|['\"&])", "a URL carries it as its query", PARTLY_FOR),
    _row("", r"^(?:-i|--extra-index-url|--index-url)[ =]§", "it is a package index, and may carry a password", A_BIT_FOR),
)  # fmt: skip
# What is asked where nothing names the value either.
INNOCENT = (
    _row("curl", r"^(?:-\w*u|--user)[ =]?§:\$", "it is the user's name before a password", A_BIT_AGAINST),
    _row("", r"://§:\$[^@\s]*@", "it is the user's name before a password", A_BIT_AGAINST),
    _row("openssl ssh-keygen", r"^(?:-b|rand|-hex|-base64|-days) §", "it is a number", AGAINST),
    _row("gpg gpg2 apt-key rpm", r"^(?:--recv-keys?|--receive-keys|--recv|--keyserver|--export|--fingerprint|--import|--list-keys)\b"
         r"(?:.*\n)*.*§|"
         r"^(?:0x)?§", "gpg takes it as a key's fingerprint", AGAINST),
    _row("git", r"^(?:-b|--branch|checkout|reset|--hard|fetch|tag|switch|rev-parse|worktree)\n(?:-\S+\n)*§",
         "git takes it as a branch or tag",
         AGAINST),
    _row("test", r"§\s+(?:=|==|!=|-eq)\s+(?:true|false|yes|no|on|off|y|n|enabled?|disabled?)$|"
         r"^(?:!\s+)?(?:true|false|yes|no|on|off|[01])\s+==?\s+§", "it is asked whether it is on", AGAINST),
    _row("test", r"^(?:!\s+)?-[defrswxhL]\s+§", "it is a path", AGAINST),
    _row("test", r"§\s+-(?:eq|ne|gt|ge|lt|le)\s", "it is a number", AGAINST),
    _row("grep minisign", r"§", "it is looked for, or checks a signature", A_BIT_AGAINST),
    _row("sleep seq", r"^§", "it is a number", AGAINST),
    _row("cat source . bash sh", r"^§$", "it is a path", AGAINST),
    _row("useradd adduser groupadd addgroup usermod chown chgrp id gosu", r"^§(?:$|:)", "it is a user's or group's name", A_BIT_AGAINST),
    _row("mkdir cd cp mv rm ls chmod tar touch ln install rsync unzip dpkg", r"^\S*/?§(?:/|$)", "it is a path", A_BIT_AGAINST),
    _row(f"{PACKAGES} {LANGUAGES}", r"^(?!-)[A-Za-z@][^\s=~]*(?:==?|@|~=|:|-)v?§$|--version[ =]v?§", "it is a version", A_BIT_AGAINST),
    _row(PACKAGES, r"^(?:install|add) (?:.*\n)*§", "it is a package's name", A_BIT_AGAINST),
    _row("curl wget", r"://[^?\s]*/[^/\s?]*[-_v]?§[^/\s?]*(?:/[^\s?]*)?\.(?:tar|tgz|zip|gz|xz|bz2|deb|rpm|apk|jar|war|exe|sh|whl|asc|sig)",
         "it is part of a download's name", A_BIT_AGAINST),
    _row("curl wget", r"^(?:-\w*o|-O|--output|--output-document)[ =]§", "it is a path", A_BIT_AGAINST),
)  # fmt: skip

# Programs that take what they read for a credential, or for what it is not, with the words that make them.
STDIN = (
    (frozenset({"ssh-add"}), r"-", FOR, "as a credential"),
    (frozenset({"chpasswd", "passwd", "smbpasswd", "vncpasswd", "cryptsetup", "kinit", "keepassxc-cli", "pdbedit", "gnome-keyring-daemon"}),
     "", FOR,     "as a password"),
    (frozenset({"install"}), r"-m ?0?[46]00", FOR, "into a file that only its owner may read"),
    (frozenset({"realm"}), "join", FOR, "as a password"),
    (frozenset({"git-crypt"}), r"unlock", FOR, "as a key"),
    (frozenset({"gpg", "gpg2"}), r"--import|--passphrase-fd", FOR, "as a credential"),
    (frozenset({"sha256sum", "sha512sum", "sha1sum", "md5sum", "shasum", "b2sum"}), r"-c|--check", AGAINST, "as a checksum"),
)  # fmt: skip
# Programs that only change, count or keep a text: a credential's name among their words says nothing of what they read.
FILTERS = frozenset({
    "awk", "base64", "cat", "cut", "envsubst", "grep", "gunzip", "gzip", "head", "jq", "sed", "sort", "tail", "tar", "tee", "tr", "wc",
    "xargs", "xxd", "xz", "yq",
})  # fmt: skip
# Files that are a credential, that hold some among other things, and that hold what everybody may see.
KEY_FILES = (
    r"(?:.*/)?(?:auth\.json|id_(?:rsa|dsa|ecdsa|ed25519)\w*|credentials(?:\.\w+)?|\.vault-token|\.git-credentials|kubeconfig|kaggle\.json|"
    r"[\w.-]*askpass[\w.-]*|"
    r"(?:[\w.-]*[._-])?(?:private|service[-_]?account|secret|credential|password|passwd|token|licen[cs]e)s?(?:\.(?:json|pem|key|txt|dat|lic|xml))?|"
    r"[\w.-]+\.(?:p8|p12|pfx|jks|keystore|keytab|lic|pass|passwd|psk|pw|pwd|rsa|secret|token|ulf|private|cookie|gpg)|"
    r"master\.key|userlist\.txt|(?:auth|login)\.(?:txt|conf)|settings-security\.xml|\.gitcookies|[\w.-]*keyfile[\w.-]*)|"
    r".*/auth\.conf(?:\.d/.*)?|/run/secrets/.*|.*/\.(?:ssh|gnupg)/(?!config|known_hosts|authorized_keys)[\w.-]+"
)
WHOLE_FILES = (
    r"(?:.*/)?(?:[._]netrc|\.npmrc|\.yarnrc(?:\.yml)?|\.pypirc|\.pgpass|\.my\.cnf|\.s3cfg|\.boto|\.htpasswd|settings\.xml|pip\.conf|\.env|"
    r"[\w.-]+\.(?:pem|key)|nuget\.config|NuGet\.Config|gradle\.properties|\.docker/config\.json|\.kube/config|wp-config.*)"
)
PUBLIC_FILES = (
    r"(?i)/etc/(?:passwd|group|sudoers(?:\.d/.*)?|cron.*)|.*/\.ssh/config|.*\.(?:css|scss|js|ts|md|html)|.*tokenizer.*|"
    r".*/licenses/.*|.*(?:\bca|ca-[\w-]+|[\w-]*-ca|cert\w*|chain|fullchain|dhparam\w*)\.(?:pem|crt)|.*/ca-certificates/.*|"
    r".*(?:known_hosts|authorized_keys|\.pub|\.crt|\.cer|.*public[\w.-]*|version(?:\.\w+)?|/etc/(?:hostname|timezone|hosts|apt/sources\S*))"
)
# What is done with a file that says that it holds a credential: § is its path.
FILE_USES = (
    _row("chmod", r"^0?[46]00 (?:.*\n)*§|^(?:u=rw?,)?go=|^go-rwx (?:.*\n)*§",
         "it is written to a file that only its owner may read"),
    _row("ssh scp sftp rsync git ansible-playbook", r"(?:^|\s)-i[ \x20]?§", "it is written to a file that ssh takes as a key", WRITTEN),
    _row("ssh-add", r"^§", "it is written to a file that ssh takes as a key"),
    _row("gpg gpg2", r"^(?:--import|--passphrase-file)[ =](?:.*\n)*§", "it is written to a file that gpg takes as a key"),
    _row("", r"^--[\w-]*(?:key|pass|pw|password|passwd|passphrase|token|secret|cred|credential|netrc|auth|account|license|"
         r"kubeconfig)s?(?:[-_]?file|[-_]?path)?[ =]"
         r"(?:\w+=|@|file:(?://)?)?§", "it is written to a file that an option takes as a credential"),
    _row("nix cosign minisign signify age apksigner abuild-sign openssl", r"^(?:-k|-i|-s|-inkey|-sign|-d|-key)[ =]§",
         "it is written to a file that is taken as a key", WRITTEN),
    _row("", r"^[\w.-]*(?:key|secret|credential|account)[\w-]*(?:file|path)[\w-]* §",
         "it is written to a file that an option takes as a credential"),
    _row("mvn", r"^(?:-s|--settings|-gs)[ =]?§", "it is written to Maven's settings"),
)  # fmt: skip
