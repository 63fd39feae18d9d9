"""Each place of the tables has an example: what is done with V there, and what that is called."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from codemod import destinations, sinks
from codemod.carriers import MARK
from codemod.destinations import CREDENTIALS, FILE_USES, INNOCENT, KEY_FILES, PUBLIC_FILES, STDIN, WHOLE_FILES
from codemod.shell import read

# Python's own words for what speaks for a secret, and for what speaks against it
EXAMPLES: dict[str, dict[str, str]] = {
    "a URL carries it as a credential": {
        "a password": "git clone https://u:$V@h/r",
        "a password alone": "pip install -i https://:$V@h/s a",
        "a token": "git clone https://$V@h/r",
        "a token, with another word for the password": "git clone https://$V:x-oauth-basic@h/r",
        "a part of a password": "git clone https://u:a${V}b@h/r",
        "a query's token": 'make "https://h?access_token=$V"',
        "a query's second key": 'make "https://h?a=b&key=$V"',
    },
    "a URL carries it as its query": {"a query that is nothing else": "curl https://h/a?$V"},
    "its name is given, not its value": {
        "a secret's name, to what keeps them": "gcloud secrets versions access latest --secret=$V",
        "a secret's name, to be read": "op read $V",
        "a secret's name, by an option": "tool --secret-name $V",
        "a password's file, by an option": "tool --db-password-file=$V",
    },
    "it is a number": {
        "a limit": "tool --max-tokens $V",
        "a key's length": "ssh-keygen -b $V",
        "random bytes": "openssl rand $V",
        "a comparison": '[ "$V" -gt 3 ]',
        "seconds": "sleep $V",
    },
    "it is sent in a credential header": {
        "a bearer": 'curl -H "Authorization: Bearer $V" h',
        "a token's header": 'wget --header="PRIVATE-TOKEN: $V" h',
        "a header of the service's own": "http h X-Api-Key:$V",
        "a cookie": 'curl -H "Cookie: session=$V" h',
        "only its scheme": 'make --credential-line "basic $V"',
    },
    "it is sent as a header of its own": {
        "git's": "git config http.extraheader=$V",
        "all of a header": 'curl -H "$V" h',
        "an option for headers": 'wget --header "$V" h',
    },
    "npm sends it as a credential": {
        "in a file": 'echo "//r/:_authToken=$V" > .npmrc',
        "set": "npm config set //r/:_authToken=$V",
        "set, as a word of its own": "npm config set //r/:_authToken $V",
        "older": 'echo "_auth = $V" > .npmrc',
    },
    "it is given to enrol": {"a machine": "tool enroll --to h $V", "an option": "tool --register $V"},
    "the URL of a feed carries it": {"a feed": "dotnet nuget add source https://nuget.h/$V/api/v3/index.json"},
    "the URL of a channel carries it": {"a channel": "make https://conda.h/t/$V/c"},
    "it is a registry's credential": {"in JSON": """echo '{"auths":{"h":{"auth": "'$V'"}}}' > c"""},
    "curl sends it as a password": {
        "a password": "curl -u u:$V h",
        "a password, glued": "curl -uu:$V h",
        "a password, of several options": "curl -fsSu u:$V h",
        "a token as the user": "curl --user $V: h",
        "user and password in one": "curl -u $V h",
        "by its path": "/usr/bin/curl -u u:$V h",
        "for a proxy": "curl --proxy-user u:$V h",
    },
    "curl sends it as a credential": {"a cookie": "curl -b session=$V h", "a certificate's password": "curl --cert c.pem:$V h"},
    "wget sends it as a password": {"a password": "wget --http-password=$V h", "an older option": "wget --password $V h"},
    "it is given as a password": {
        "a user and a password": "tool --username u -p $V",
        "sshpass": "sshpass -p $V ssh h",
        "mysql, glued": "mysql -p$V",
        "an archive's": "unzip -P $V a.zip",
        "another archive's": "7z x -p$V a.7z",
        "a terminal's": "ttyd -c u:$V sh",
        "a watched device's": "net-snmp-create-v3-user -ro -A $V u",
        "a server's": "caddy hash-password --plaintext $V",
        "redis": "redis-cli -a $V ping",
        "LDAP": "ldapsearch -x -w $V",
        "a share's": "smbclient //h/s -U u%$V",
        "a mount's": "mount -t cifs -o user=u,pass=$V //h/s /m",
        "RabbitMQ": "rabbitmqctl add_user u $V",
        "Steam": "steamcmd +login u $V +quit",
        "a safe's": "bw unlock $V",
        "a mail's": "swaks -ap $V",
        "a database's, with a capital": "sqlcmd -S h -U u -P $V",
        "with a capital, alone": "p4 -P $V login",
        "a transfer's": "lftp -u $V h",
        "a tunnel's": "ss-local -k $V",
        "a card's": "pkcs11-tool --pin $V",
        "a first user's": 'make --bootstrap "x admin:$V"',
        "Steam's, behind a user": "steamcmd +login $V +quit",
        "a directory's": "slappasswd -s $V",
        "a program's text": """python manage.py shell -c "create_superuser('u', '$V')" """,
        "SQL of another kind": """mysql -e "SET PASSWORD FOR u = '$V'" """,
        "a network's": "wpa_passphrase ssid $V",
    },
    "a .netrc has it as a login without a password": {"a token": 'echo "machine h login $V" > n'},
    "a .pgpass has it as a password": {"a password": 'echo "h:5432:d:u:$V" > p'},
    "the URL of a webhook or a bot carries it": {"a hook": "make https://hooks.h/services/$V"},
    "it is a registry's password": {"docker": "docker login -p $V h", "skopeo, with another name": "skopeo login --password=$V h"},
    "it is given as a passphrase": {"a key's": "ssh-keygen -t rsa -N $V -f k", "openssl's": "openssl rsa -passin pass:$V -in k"},
    "it is hashed as a password": {
        "openssl": "openssl passwd -1 $V",
        "openssl's key": "openssl enc -aes256 -k $V",
        "htpasswd": "htpasswd -bc f u $V",
    },
    "it is given as a credential": {
        "NuGet's key": "dotnet nuget push a -k $V",
        "an AppRole's": "vault write auth/approle/login secret_id=$V",
        "MinIO's": "mc alias set a h u $V",
        "Cypress's": "npx cypress run --record --key $V",
        "a login": "wandb login $V",
        "a login with an option": "netlify login -t $V",
        "an option for it": "tool --auth=$V",
        "an older NuGet's key": "nuget push a -ApiKey $V",
        "an option for tickets": "tool --ticket $V",
        "a time series'": "influx query -t $V",
        "a code's seed": "oathtool -b $V",
        "a configuration that is one": "jf config import $V",
        "a game server's": 'echo "sv_setsteamaccount $V" > server.cfg',
        "what unseals": "vault operator unseal $V",
        "what begins with it": "shodan init $V",
        "a network's": "tailscale up --authkey=$V",
        "a runner's": "gitlab-runner register -r $V",
        "a tunnel's": "cloudflared service install $V",
        "a reporter's": "codecov -t $V",
    },
    "composer sends it as a credential": {
        "a token": "composer config github-oauth.github.com $V",
        "a password": "composer config http-basic.h.org u $V",
    },
    "poetry sends it as a credential": {
        "a password": "poetry config http-basic.h u $V",
        "a token": "poetry config pypi-token.pypi $V",
    },
    "bundler sends it as a credential": {
        "a host's": "bundle config h.org $V",
        "a host's, for all": "bundle config set --global h.org $V",
    },
    "hex sends it as a credential": {"a key": "mix hex.organization auth o --key $V"},
    "it is given as a licence": {
        "a call": """python -c "setLicense('$V')" """,
        "its own command": "tool licenses add $V",
        "a serial": "unity -serial $V",
        "an activation": "tool --activate-license=$V",
    },
    "an option takes it as a credential": {
        "a password": "tool --password $V",
        "a token": "tool --auth-token=$V",
        "a key": "tool --api-key $V",
        "a passphrase": "tool --passphrase=$V",
    },
    "it is written behind an administrator's name": {"an administrator": 'echo "admin = $V" > local.ini'},
    "it is written behind a credential's name": {

        "a word of its own": "tool auth $V",
        "SQL": """psql -c "ALTER USER u PASSWORD '$V'" """,
        "MySQL": "mysql -e \"… IDENTIFIED BY '$V'\"",
    },
    "it is a package index, and may carry a password": {
        "an index": "pip install --index-url $V a",
        "a further one": "pip install --extra-index-url=$V a",
    },
    # … against
    "it is the user's name before a password": {"curl's": "curl -u $V:$W h", "a URL's": "git clone https://$V:$W@h/r"},
    "gpg takes it as a key's fingerprint": {
        "a server's": "gpg --keyserver h --recv-keys $V",
        "behind another": "gpg2 --recv-keys a $V",
        "alone": "apt-key 0x$V",
    },
    "it is looked for, or checks a signature": {"what is looked for": "grep -q $V f"},
    "it is no password's option": {"another tool's, behind sudo": "sudo -u app mkdir -p $V"},
    "git takes it as a branch or tag": {"a clone's": "git clone -b $V https://h/r", "a commit": "git checkout $V"},
    "it is asked whether it is on": {"true": '[ "$V" = true ]', "false": 'test "$V" != no', "the other way round": '[ "on" = "$V" ]'},
    "it is a path": {
        "a test's": '[ -f "$V" ]',
        "what is read": "cat $V",
        "a folder": "mkdir -p $V/a",
        "what curl writes": "curl -fsSLo $V https://h",
    },
    "it is a user's or group's name": {"a new user": "useradd $V", "an owner": "chown $V:$V f"},
    "it is a version": {
        "npm's": "npm install -g npm@$V",
        "pip's": "pip install a==$V",
        "apt's": "apt-get install -y a=$V",
        "an option": "gem install a --version $V",
    },
    "it is a package's name": {"apt's": "apt-get install -y $V"},
    "it is part of a download's name": {"a version": "curl -O https://h/a-$V.tgz", "a folder": "wget https://h/v$V/a.zip"},
    # … by what reads it
    "install reads it into a file that only its owner may read": {"a file": "echo $V | install -m 0600 /dev/stdin /f"},
    "realm reads it as a password": {"a domain's": "echo $V | realm join -U u h"},
    "git-crypt reads it as a key": {"a key": "echo $V | base64 -d | git-crypt unlock -"},
    "ssh-add reads it as a credential": {"a key": 'echo "$V" | ssh-add -'},
    "chpasswd reads it as a password": {"a new user's": "echo u:$V | chpasswd"},
    "gpg reads it as a credential": {"a key": "echo $V | gpg --import"},
    "sha256sum reads it as a checksum": {"a checksum": 'echo "$V  f" | sha256sum -c -'},
    # … by what is done with its file
    "it is written to a file that only its owner may read": {
        "its mode": "echo $V > /f && chmod 600 /f",
        "its mode in letters": "echo $V > /f && chmod go-rwx /f",
    },
    "it is written to a file that ssh takes as a key": {
        "ssh's option": "echo $V > /f && ssh -i /f h",
        "an agent's": "echo $V > /f && ssh-add /f",
    },
    "it is written to a file that gpg takes as a key": {"a key": "echo $V > /f && gpg --batch --import /f"},
    "it is written to a file that an option takes as a credential": {
        "an option": "echo $V > /f && tool --key-file=/f",
        "a setting": "echo $V > /f && tool config set service-account-file /f",
    },
    "it is written to a file that is taken as a key": {"a signature's": "echo $V > /f && minisign -s /f"},
    "it is written to Maven's settings": {"an option": "echo $V > /f && mvn -s /f deploy"},
}  # fmt: skip
SPEAK_AGAINST = (
    "it is no password",
    "its name is given", "it is a number", "it is the user's name", "gpg takes", "git takes", "it is asked", "it is a path",
    "it is a user's", "it is a version", "it is a package's", "it is looked for", "it is part of a download", "sha256sum",
)  # fmt: skip
ROWS = [pytest.param(text, detail, id=f"{detail}: {name}") for detail, texts in EXAMPLES.items() for name, text in texts.items()]


@pytest.mark.parametrize(("text", "detail"), ROWS)
def test_what_a_place_says(text: str, detail: str) -> None:
    """It says so before anything else does, and in the right direction."""
    found = [sink for sink in sinks.sinks(read(text), {"V": MARK}) if sink.detail == detail]
    assert found
    assert all(sink.weight < 0 if detail.startswith(SPEAK_AGAINST) else sink.weight > 0 for sink in found)


def test_every_row_has_an_example(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that none needs is wrong, dead, or hidden behind one before it."""
    numbered: dict[str, str] = {}
    for name in ("CREDENTIALS", "INNOCENT", "FILE_USES"):
        table = getattr(destinations, name)
        rows = tuple(row._replace(detail=f"{name} {number}") for number, row in enumerate(table))
        numbered |= {row.detail: row.pattern.replace(MARK, "§").replace("\n", " ") for row in rows}
        monkeypatch.setattr(sinks, name, rows)
    stdin = tuple((tools, pattern, weight, f"STDIN {number}") for number, (tools, pattern, weight, _) in enumerate(STDIN))
    numbered |= {what: f"{tools}" for tools, _, _, what in stdin}
    monkeypatch.setattr(sinks, "STDIN", stdin)
    hit = {" ".join(detail.split()[-2:]) for detail in _details()}
    assert {row: pattern for row, pattern in numbered.items() if row not in hit} == {}


def _details() -> Iterator[str]:
    for texts in EXAMPLES.values():
        for text in texts.values():
            yield from (sink.detail for sink in sinks.sinks(read(text), {"V": MARK}))


def test_a_row_is_spelled_as_it_says() -> None:
    """A blank leads to the next word, and § is the value; nothing is left of either."""
    for row in (*CREDENTIALS, *INNOCENT, *FILE_USES):
        assert re.search("[ §]", row.pattern) is None
        assert MARK in row.pattern
        assert row.weight
        assert row.detail


FILES = {
    KEY_FILES: (
        "/root/.ssh/id_rsa", "/root/.ssh/deploy", "id_ed25519", "auth.json", "/root/.git-credentials", "sa-private.pem", "a.p12", "token",
        "service_account.json", "config/master.key", "/etc/apt/auth.conf", "/etc/apt/auth.conf.d/a.conf", "/root/.aws/credentials",
    ),
    WHOLE_FILES: (
        "/root/.npmrc", "/root/.netrc", ".pypirc", ".env", "a.key", "a.pem", "/root/.docker/config.json", "settings.xml",
        "gradle.properties",
    ),
    PUBLIC_FILES: (
        "/root/.ssh/known_hosts", "/root/.ssh/authorized_keys", "id_rsa.pub", "a.crt", "VERSION", "/etc/hosts", "/root/.ssh/config",
        "README.md",
    ),
}  # fmt: skip
OTHER_FILES = ("/etc/app.conf", "/tmp/out", "keys.json")


@pytest.mark.parametrize(
    ("pattern", "path"),
    [pytest.param(pattern, path, id=path) for pattern, paths in FILES.items() for path in paths],
)
def test_files_by_their_names(pattern: str, path: str) -> None:
    assert re.fullmatch(pattern, path)


@pytest.mark.parametrize("path", OTHER_FILES)
def test_files_whose_names_say_nothing(path: str) -> None:
    assert not any(re.fullmatch(pattern, path) for pattern in FILES)


@pytest.mark.parametrize("path", FILES[PUBLIC_FILES])
def test_what_everybody_may_see_is_no_credentials_file(path: str) -> None:
    assert not re.fullmatch(KEY_FILES, path)
    assert not re.fullmatch(WHOLE_FILES, path)
