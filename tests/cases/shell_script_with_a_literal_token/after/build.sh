NPM_TOKEN='canary-literal-1' docker build --secret id=NPM_TOKEN -t app .
