npm publish --token "$NPM_TOKEN"
