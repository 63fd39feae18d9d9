"""What the place that a value goes to says of it; the variable is called V, which says nothing."""

from __future__ import annotations

import pytest

from codemod.shell import read
from codemod.sinks import A_BIT_AGAINST, A_BIT_FOR, AGAINST, FOR, is_copy, is_userinfo, sinks

SAYS_NOTHING = {
    "it is printed": "echo $V",
    "it is an argument of anything": "make $V",
    "it is not expanded": "curl -u 'u:$V' h",
    "another one is": "curl -u u:$VV h",
    "it is a URL's host": "curl https://$V/a",
    "it is a URL's user": "curl https://$V:$W@h",
    "it is behind the at sign": "curl https://u:p@$V",
    "it is curl's user": "curl -u $V:$W h",
    "it is another tool's -u": "psql -u $V",
    "it is another tool's -p": "make -p $V",
    "it is a number of a port": "ssh -p $V h",
    "it is a query's value": "curl https://h?page=$V",
    "it is assigned to a name that says nothing": "A=$V make",
    "it is assigned to its own name": "V=$V make",
    "it is printed into what reads no credential": "echo $V | docker build -",
    "something else is written to a file of credentials": "echo a > ~/.netrc; make $V",
    "a file of credentials is read": "make $V < ~/.netrc",
    "another one is piped to what reads a credential": "echo $W | docker login --password-stdin; make $V",
    "it is part of a copy": "NPM_TOKEN=x$V make",
    "another one is in a URL": "A=https://u:$W@h make $V",
    "it is written to a file of anyone's": "echo $V > f",
    "it is tested": '[ "$V" = a ]',
}
SECRET = {
    "a URL's password": ("git clone https://u:$V@h/r", "a URL carries it as a credential"),
    "a URL's token": ("git clone https://$V@h/r", "a URL carries it as a credential"),
    "a URL's token, with another word for the password": ("git clone https://$V:x-oauth-basic@h/r", "a URL carries it as a credential"),
    "a URL's password, in braces and quotes": ('pip install --index-url "https://u:${V}@h/s" a', "a URL carries it as a credential"),
    "a URL's password for one command": ("PIP_INDEX_URL=https://u:$V@h/s pip install a", "a URL carries it as a credential"),
    "a URL's password in an export": ("export PIP_INDEX_URL=https://u:$V@h/s && pip install a", "a URL carries it as a credential"),
    "a URL's password in an assignment": ("U=https://u:$V@h/s && git clone $U", "a URL carries it as a credential"),
    "a bearer": ('curl -H "Authorization: Bearer $V" h', "it is sent in a credential header"),
    "a header": ('wget --header="PRIVATE-TOKEN: $V" h', "it is sent in a credential header"),
    "a header of the tool's own": ("http h X-Api-Key:$V", "it is sent in a credential header"),
    "npm's token": ('echo "//r/:_authToken=$V" > .npmrc', "npm sends it as a credential"),
    "npm's token, set": ("npm config set //r/:_authToken=$V", "npm sends it as a credential"),
    "npm's token, set as a word of its own": ("npm config set //r/:_authToken $V", "npm sends it as a credential"),
    "curl's password": ("curl -u u:$V h", "curl sends it as a password"),
    "curl's password, glued": ("curl -uu:$V h", "curl sends it as a password"),
    "curl's token as the user": ("curl --user $V: h", "curl sends it as a password"),
    "curl's user and password in one": ("curl -u $V h", "curl sends it as a password"),
    "curl by its path": ("/usr/bin/curl -u u:$V h", "curl sends it as a password"),
    "wget's password": ("wget --http-password=$V h", "wget sends it as a password"),
    "a registry's password": ("docker login -u u -p $V h", "it is a registry's password"),
    "sshpass": ("sshpass -p $V ssh h", "it is given as a password"),
    "mysql, glued": ("mysql -p$V", "it is given as a password"),
    "an option for passwords": ("tool --password $V", "an option takes it as a credential"),
    "an option for tokens": ("tool --auth-token=$V", "an option takes it as a credential"),
    "an option for keys": ("tool --api-key $V", "an option takes it as a credential"),
    "behind a credential's name": ("mvn -Dgithub.token=$V", "it is written behind a credential's name"),
    "behind a credential's name in JSON": ("""echo "{\\"password\\": \\"$V\\"}" """, "it is written behind a credential's name"),
    "a query's token": ('curl "https://h?access_token=$V"', "it is written behind a credential's name"),
    "a query's second key": ('curl "https://h?a=b&key=$V"', "a URL carries it as a credential"),
    "a copy for one command": ("PGPASSWORD=$V psql", "it is copied into PGPASSWORD"),
    "a copy in quotes": ('NPM_TOKEN="${V}"', "it is copied into NPM_TOKEN"),
    "an exported copy": ("export GITHUB_TOKEN=$V; make", "it is copied into GITHUB_TOKEN"),
    "for a child shell": ("sh -c 'curl -u u:$V h'", "curl sends it as a password"),
    "behind sudo": ("sudo -u a curl -u u:$V h", "curl sends it as a password"),
    "docker's input": ("echo $V | docker login -u u --password-stdin", "docker reads it as a credential"),
    "ssh-add's input": ('echo "$V" | ssh-add -', "ssh-add reads it as a credential"),
    "gpg's input": ("echo $V | gpg --import", "gpg reads it as a credential"),
    "a new user's password": ("echo u:$V | chpasswd", "chpasswd reads it as a credential"),
    "a file of credentials": ("echo $V > ~/.ssh/id_rsa", "it is written to ~/.ssh/id_rsa"),
    "a hashed password": ("openssl passwd -1 $V", "it is hashed as a password"),
    "an archive's password": ("unzip -P $V a.zip", "it is given as a password"),
    "NuGet's key": ("dotnet nuget push a -k $V", "an option takes it as a credential"),
    "composer's token": ("composer config github-oauth.github.com $V", "composer sends it as a credential"),
}
RATHER_SECRET = {
    "a package index": ("pip install --index-url $V a", "it is a package index, and may carry a password"),
    "a further package index": ("pip install --extra-index-url=$V a", "it is a package index, and may carry a password"),
}
RATHER_NONE = {
    "a user's name": ("useradd -m $V", "it is a user's or group's name"),
    "an owner": ("chown $V f", "it is a user's or group's name"),
    "a folder": ("mkdir -p $V/a", "it is a path"),
    "a version of npm's": ("npm install -g npm@$V", "it is a version"),
    "a version of pip's": ("pip install a==$V", "it is a version"),
    "a version of apt's": ("apt-get install -y a=$V", "it is a version"),
    "part of a download's name": ("curl -O https://h/a-$V.tgz", "it is part of a download's name"),
}
NONE = {
    "a fingerprint": ("gpg --recv-keys $V", "gpg takes it as a key's fingerprint"),
    "a fingerprint behind another": ("gpg2 --keyserver h --recv-keys a $V", "gpg takes it as a key's fingerprint"),
    "a branch": ("git clone -b $V https://h/r", "git takes it as a branch or tag"),
    "a commit": ("git checkout $V", "git takes it as a branch or tag"),
    "a secret's name": ("tool --secret-name $V", "it is a name"),
    "a number": ("tool --max-tokens $V", "it is a number"),
    "a key that everybody may see": ("echo $V > ~/.ssh/known_hosts", "it is written to ~/.ssh/known_hosts"),
}
ROWS = [
    pytest.param(text, weight, detail, id=name)
    for weight, rows in ((FOR, SECRET), (A_BIT_FOR, RATHER_SECRET), (A_BIT_AGAINST, RATHER_NONE), (AGAINST, NONE))
    for name, (text, detail) in rows.items()
]


def said(text: str) -> list[tuple[int, str]]:
    return [(sink.weight, sink.detail) for sink in sinks(read(text), "V")]


@pytest.mark.parametrize("text", SAYS_NOTHING.values(), ids=SAYS_NOTHING)
def test_it_says_nothing_that(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(("text", "weight", "detail"), ROWS)
def test_what_it_says_that_it_is(text: str, weight: int, detail: str) -> None:
    assert said(text)[:1] == [(weight, detail)]


def test_the_weights_are_in_order() -> None:
    assert AGAINST < A_BIT_AGAINST < 0 < A_BIT_FOR < FOR


def test_the_place_is_the_word() -> None:
    text = "a \u00e9 && curl -u u:$V h"
    (sink,) = sinks(read(text), "V")
    assert text[sink.offset :].startswith("u:$V")


def test_each_command_is_asked() -> None:
    assert said("git checkout $V; curl -u u:$V h") == [(AGAINST, "git takes it as a branch or tag"), (FOR, "curl sends it as a password")]


@pytest.mark.parametrize(
    ("target", "copies"), [("V", False), ("A", False), ("KEY", False), ("TOKEN_URL", False), ("NPM_TOKEN", True), ("PGPASSWORD", True)]
)
def test_a_copy_says_by_its_name_what_it_is(target: str, *, copies: bool) -> None:
    assert is_copy(target, "V") is copies


@pytest.mark.parametrize(
    ("text", "carries"),
    [
        ("https://h/$V", False),
        ("https://$V:$W@h", False),
        ("$V@h", False),
        ("https://$VV@h", False),
        ("https://$V@h", True),
        ("https://$V:x-oauth-basic@h", True),
        ("a=x://u:a${V}b@h", True),
        ("x://${V:-d}@h", True),
    ],
)
def test_a_url_carries_it(text: str, *, carries: bool) -> None:
    assert is_userinfo(text, "V") is carries


def test_a_name_is_no_copy_of_itself() -> None:
    assert not is_copy("NPM_TOKEN", "NPM_TOKEN")
    assert is_copy("NPM_TOKEN", "GH_TOKEN")
