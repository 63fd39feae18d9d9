"""Where the files of CI systems are: patterns for whole paths from the root, in any case. It loads nothing."""

GITLAB = r"(?:.*/)?(?:[^/]*\.?gitlab-ci[^/]*|\.gitlab(?:-ci)?/.*|ci/[^/]*gitlab[^/]*)\.ya?ml"
CIRCLECI = r"(?:.*/)?\.circleci/.*\.ya?ml"
CODEBUILD = r"(?:.*/)?[^/]*build-?spec[^/]*\.ya?ml"
BITBUCKET = r"(?:.*/)?bitbucket-pipelines[^/]*\.ya?ml"
TRAVIS = r"(?:.*/)?\.travis[^/]*\.ya?ml"
AZURE = r"(?:.*/)?(?:[^/]*azure-?pipelines?[^/]*|\.?azure-?pipelines?/.*|\.(?:azure|azuredevops|pipelines|vsts|ado)/.*|\.vsts-ci)\.ya?ml"
CLOUD_BUILD = r"(?:.*/)?(?:[^/]*cloud-?build[^/]*|\.?cloudbuild/.*)\.(?:ya?ml|json)"
DRONE = r"(?:.*/)?(?:\.drone[^/]*|\.woodpecker[^/]*|\.woodpecker/.*)\.ya?ml"
# these may be anybody's
CONCOURSE = r"(?:.*/)?(?:(?:ci|concourse|pipelines)/.*|(?:concourse-?)?pipeline[^/]*|task)\.ya?ml"
BUILDKITE = r"(?:.*/)?(?:\.buildkite/.*|buildkite[^/]*)\.ya?ml"
ALL = "|".join(
    f"(?:{files})" for files in (GITLAB, CIRCLECI, CODEBUILD, BITBUCKET, TRAVIS, AZURE, CLOUD_BUILD, DRONE, BUILDKITE, CONCOURSE)
)
