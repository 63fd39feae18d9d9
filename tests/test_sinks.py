"""What the way of a value through a shell text says of it; the variable is called V, which says nothing. Places: test_destinations.py."""

from __future__ import annotations

import pytest

from codemod.carriers import MARK
from codemod.shell import read
from codemod.sinks import is_userinfo, of_value, sinks

SAYS_NOTHING = {
    "it is printed": "echo $V",
    "it is an argument of anything": "make $V",
    "it is not expanded": "curl -u 'u:$V' h",
    "another one is": "curl -u u:$VV h",
    "it is a URL's host": "curl https://$V/a",
    "it is behind the at sign": "curl https://u:p@$V",
    "it is another tool's -u": "psql -u $V",
    "it is another tool's -p": "make -p $V",
    "it is a number of a port": "ssh -p $V h",
    "it is a query's value": "curl https://h?q=$V",
    "it is assigned to a name that says nothing": "A=$V make",
    "it is assigned to its own name": "V=$V make",
    "it is printed into what reads no credential": "echo $V | docker build -",
    "something else is written to a file of credentials": "echo a > ~/.netrc; make $V",
    "a file of credentials is read": "make $V < ~/.netrc",
    "another one is piped to what reads a credential": "echo $W | docker login --password-stdin; make $V",
    "it is written to a file of anyone's": "echo $V > f",
    "it is tested": '[ "$V" = a ]',
    "it is a command": "$V a",
    "it is written to a file among other things": "echo a $V b > .env",
    "its file's mode is anyone's": "echo $V > f && chmod 644 f",
    "another file is for its owner": "echo $V > f && chmod 600 g",
    "only a filter has a credential's name": "echo $V | grep token",
    "it is what only a command makes of it": "curl -u u:$(make $V) h",
    "a user's name stands before a password": "echo $V:p | chpasswd",
    "a file is only printed": "echo $V > f; cat f",
    "xargs has no place for it": "echo $V | xargs make",
    "jq is given another": "jq -n --arg a $W '{password: $a}'",
    "nginx sends requests there": 'echo "proxy_pass $V" > f',
    "a file that only the shell makes is no option's": "diff <(echo $V) f",
}
# the name before a value says what it is …
NAMED = {
    "an assignment": ("nexusPassword=$V make", "nexusPassword"),
    "an export": ("export GITHUB_TOKEN=$V; make", "GITHUB_TOKEN"),
    "an assignment in quotes": ('NPM_TOKEN="${V}"', "NPM_TOKEN"),
    "a property": ("mvn -Dgithub.token=$V", "github.token"),
    "a word of a list": ("make a=1,password=$V", "password"),
    "YAML": ('printf "password: %s" "$V" > f', "password"),
    "JSON": ("""echo "{\\"apiKey\\": \\"$V\\"}" > f""", "apiKey"),
    "JSON in single quotes": ("""echo '{"apiKey":"'$V'"}' > f""", "apiKey"),
    "Ruby": ("ruby -e \"config['secret'] => '$V'\"", "secret"),
    "XML": ('echo "<password>$V</password>" > f', "password"),
    "XML's settings": ("""echo '<add key="ClearTextPassword" value="'$V'" />' > f""", "ClearTextPassword"),
    "XML's properties": ("echo '<property><name>db.password</name><value>'$V'</value></property>' > f", "db.password"),
    "a word before": ('echo "access_token $V" > f', "access_token"),
    "an option": ("tool --store-pass $V", "store-pass"),
    "an option with one dash": ("tool -storepass $V", "storepass"),
    "an option, behind a user's name": ("tool --db-secret u:$V", "db-secret"),
    "a setting": ("tool config set registry.token $V", "token"),
    "what sed replaces": ("sed -i s/PASSWORD/$V/ f", "PASSWORD"),
    "what sed replaces, with another mark": ('sed -i "s|@API_TOKEN@|$V|g" f', "API_TOKEN"),
    "a line of a heredoc": ("cat > f <<E\na: b\npassword: $V\nE", "password"),
    "a here-string": ('tool <<< "token=$V"', "token"),
}
# … or what it is not
NAMED_OTHERWISE = {
    "what a framework ships": ("VITE_API_TOKEN=$V make", "VITE_API_TOKEN"),
    "a version": ("APP_VERSION=$V make", "APP_VERSION"),
    "an option": ("tool --secret-version $V", "secret-version"),
    "a path": ("tool --token-path-prefix=$V", "token-path-prefix"),
}
# the ways that lead to a place, and the place
WAYS = {
    "an assignment": ("U=https://u:$V@h/s && git clone $U", "a URL carries it as a credential"),
    "several": ("A=u:$V; B=https://$A@h; git clone $B", "a URL carries it as a credential"),
    "an export": ("export PIP_INDEX_URL=https://u:$V@h/s && pip install a", "a URL carries it as a credential"),
    "a variable of one command": ("PIP_INDEX_URL=https://u:$V@h/s pip install a", "a URL carries it as a credential"),
    "a header in a variable": ('H="Authorization: Bearer $V"; curl -H "$H" h', "it is sent in a credential header"),
    "base64 in a header": ('curl -H "Authorization: Basic $(echo -n u:$V | base64)" h', "it is sent in a credential header"),
    "a loop": ("for A in $V; do curl -u u:$A h; done", "curl sends it as a password"),
    "a function's argument": ('get() { curl -u "u:$1" h; }; get $V', "curl sends it as a password"),
    "a child shell": ("sh -c 'curl -u u:$V h'", "curl sends it as a password"),
    "a child shell's own text": ('bash -c "curl -u u:$V h"', "curl sends it as a password"),
    "sudo": ("sudo -u a curl -u u:$V h", "curl sends it as a password"),
    "a runner": ("npx --yes cypress run --key $V", "it is given as a credential"),
    "Python's runner": ("python3 -m twine upload -u u -p $V d", "it is given as a password"),
    "a pipe": ("echo $V | docker login -u u --password-stdin", "docker reads it behind --password-stdin"),
    "a pipe, with more before it": ("a && printf '%s' $V | vault login token=-", "vault reads it behind token=-"),
    "a pipe to what is told a name": ("echo $V | keystore add -x bootstrap.password", "keystore reads it behind bootstrap.password"),
    "a longer pipe": ("echo $V | tr a b | chpasswd", "chpasswd reads it as a password"),
    "a here-string": ("chpasswd <<< u:$V", "chpasswd reads it as a password"),
    "a heredoc": ("chpasswd <<E\nu:$V\nE", "chpasswd reads it as a password"),
    "a format": ('printf "https://u:%s@h" $V > f', "a URL carries it as a credential"),
    "a format of two": ('printf "machine h login %s password %s" u $V > f', "it is written behind a credential's name"),
    "a format of lines": (r'printf "a\n//r/:_authToken=%s\n" "$V" > f', "npm sends it as a credential"),
    "a format that has it itself": (r'printf "//r/:_authToken=$V\n" > f', "npm sends it as a credential"),
    "a format with too few words": ('printf "https://u:%s@h/%s" $V > f', "a URL carries it as a credential"),
    "a file": ("echo $V > ~/.ssh/id_rsa", "it is written to ~/.ssh/id_rsa"),
    "a file of its own lines": ("printf '%s\\n' \"$V\" >> /root/.npmrc", "it is written to /root/.npmrc"),
    "a file, through a filter": ("echo $V | base64 -d > /root/.netrc", "it is written to /root/.netrc"),
    "a file, by tee": ("echo $V | tee -a .pypirc", "it is written to .pypirc"),
    "a file that is decoded": ("echo $V | base64 -d > /f", "it is decoded into a file"),
    "a file that is used": ("echo $V > /f; chmod 0600 /f", "it is written to a file that only its owner may read"),
    "a file that is read": ("echo $V > /f; docker login --password-stdin < /f", "docker reads it behind --password-stdin"),
    "a file that is read as no secret": ("echo $V > /f; sha256sum -c < /f", "sha256sum reads it as a checksum"),
    "a file that everybody may see": ("echo $V > ~/.ssh/known_hosts", "it is written to ~/.ssh/known_hosts"),
    "a child shell's pipe": ("sh -c 'echo u:$V | chpasswd'", "chpasswd reads it as a password"),
    "a program of another language": (
        """python -c "f(headers={'Authorization': os.environ['V']})" """,
        "it is sent in a credential header",
    ),
    "xargs": ("echo $V | xargs -I{} curl -u u:{} h", "curl sends it as a password"),
    "xargs, with a place of its own": ("echo $V | xargs -I % curl -u u:% h", "curl sends it as a password"),
    "jq's argument": ("jq -n --arg a $V '{password: $a}' > f", "it is given as password"),
    "git's ssh": ("echo $V > /f; GIT_SSH_COMMAND='ssh -i /f' git clone h:r", "it is written to a file that ssh takes as a key"),
    "a file that only the shell makes": ("curl --key <(echo $V) h", "it is written to a file that an option takes as a credential"),
    "a certificate with its key": ("echo $V > a.pem", "it is written to a.pem"),
    "a certificate with its key that is used": ("echo $V > a.pem; chmod 600 a.pem", "it is written to a file that only its owner may read"),
    "what stands in its place": ("git clone https://${V:+$V@}h/r", "a URL carries it as a credential"),
}  # fmt: skip
AGAINST = ("sha256sum reads", "it is written to ~/.ssh/known_hosts")


def said(text: str) -> list[tuple[bool, str]]:
    """Whether it speaks for a secret, and how."""
    return [(sink.weight > 0, sink.detail) for sink in sinks(read(text), {"V": MARK})]


@pytest.mark.parametrize("text", SAYS_NOTHING.values(), ids=SAYS_NOTHING)
def test_it_says_nothing_that(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(("text", "name"), NAMED.values(), ids=NAMED)
def test_a_credentials_name(text: str, name: str) -> None:
    assert (True, f"it is given as {name}") in said(text)


@pytest.mark.parametrize(("text", "name"), NAMED_OTHERWISE.values(), ids=NAMED_OTHERWISE)
def test_a_name_that_is_no_credentials(text: str, name: str) -> None:
    assert said(text) == [(False, f"it is given as {name}")]


@pytest.mark.parametrize(("text", "detail"), WAYS.values(), ids=WAYS)
def test_the_way_to_a_place(text: str, detail: str) -> None:
    assert (not detail.startswith(AGAINST), detail) in said(text)


def test_a_users_name_in_a_file_of_credentials_is_no_credential() -> None:
    assert said("echo user=$V > token") == [(False, "it is given as user")]


def test_a_place_counts_before_a_name_and_a_name_before_another_place() -> None:
    assert said("tool --password-file $V") == [(False, "its name is given, not its value")]
    assert said("mkdir --secret $V") == [(True, "an option takes it as a credential")]
    assert said("gpg --recv-keys $V") == [(False, "gpg takes it as a key's fingerprint")]


def test_of_several_names_the_plainest_counts() -> None:
    assert said('echo "{\\"user\\": \\"u\\", \\"id_token_ttl\\": \\"$V\\", \\"token\\": \\"$V\\"}" > f') == [(True, "it is given as token")]


def test_the_place_is_the_word() -> None:
    text = "a \u00e9 && curl -u u:$V h"
    (sink,) = sinks(read(text), {"V": MARK})
    assert text[sink.offset :].startswith("u:$V")


def test_the_place_of_what_is_read_is_the_reader() -> None:
    text = "echo u:$V | chpasswd"
    (sink,) = sinks(read(text), {"V": MARK})
    assert text[sink.offset :] == "chpasswd"


def test_each_command_is_asked() -> None:
    assert said("git checkout $V; curl -u u:$V h") == [
        (False, "git takes it as a branch or tag"),
        (True, "curl sends it as a password"),
    ]


def test_several_variables_may_carry_it() -> None:
    found = sinks(read("git clone $U; npm config set //r/:_authToken $V"), {"V": MARK, "U": f"https://u:{MARK}@h"})
    assert [sink.detail for sink in found] == ["a URL carries it as a credential", "npm sends it as a credential"]


@pytest.mark.parametrize("option", ["--password=hunter2", "--password=hunter2-", "-phunter2password"])
def test_another_credential_of_the_line_is_not_shown(option: str) -> None:
    assert "hunter2" not in str(said(f"echo $V | tool {option}"))


OF_VALUE = {
    "a name that says nothing": ("A", "§", None),
    "a name that says that it is none": ("TOKEN_URL", "§", False),
    "a name that says so": ("NPM_TOKEN", "§", True),
    "a name that says so, with more around it": ("NPM_TOKEN", "a-§", None),
    "a URL's password": ("A", "https://u:§@h", True),
    "a URL's password under a name that says so": ("NPM_TOKEN", "https://u:§@h", True),
    "a URL's host": ("A", "https://§", None),
    "another value": ("NPM_TOKEN", "a", None),
}


@pytest.mark.parametrize(("target", "text", "speaks_for_it"), OF_VALUE.values(), ids=OF_VALUE)
def test_what_a_variable_says_that_is_made_from_it(target: str, text: str, *, speaks_for_it: bool | None) -> None:
    found = of_value(target, text.replace("§", MARK))
    assert (found[0] > 0 if found else None) is speaks_for_it


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
        ("https://${V:-d}@h", True),
        ("x://${V:-d}@h", False),
        ("https://$U", True),
    ],
)
def test_a_url_carries_it(text: str, *, carries: bool) -> None:
    assert is_userinfo(text, {"V": MARK, "U": f"{MARK}@h"}) is carries
