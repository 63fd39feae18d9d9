variable "API_TOKEN" {}
{{ range .Targets }}
target "{{ . }}" {
  args = {
    API_TOKEN = API_TOKEN
  }
}
{{ end }}
