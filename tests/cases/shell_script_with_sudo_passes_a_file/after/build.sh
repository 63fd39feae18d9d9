#!/bin/sh
sudo docker build --secret id=SSH_PRIVATE_KEY,src="$HOME"/.ssh/id_rsa -t app .
