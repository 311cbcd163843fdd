{{- define "ledgerway.labels" -}}
app.kubernetes.io/name: ledgerway
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "ledgerway.selector" -}}
app.kubernetes.io/name: ledgerway
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- /* Whether the plain port is open to other machines: "true", or nothing. */ -}}
{{- define "ledgerway.plainPortIsOpen" -}}
{{- if not (regexMatch "^(127\\.[0-9.]+|::1|localhost)$" .Values.http.host) }}true{{ end }}
{{- end }}
