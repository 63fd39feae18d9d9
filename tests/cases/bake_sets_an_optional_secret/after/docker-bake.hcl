variable "API_TOKEN" {
  default = null
}

target "default" {
  secret = ["id=API_TOKEN,env=API_TOKEN"]
}
