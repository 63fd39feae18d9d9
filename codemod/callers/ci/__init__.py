"""CI systems: GitHub workflows, GitLab, CircleCI and others."""
