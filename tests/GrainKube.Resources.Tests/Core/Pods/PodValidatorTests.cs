using Xunit;

namespace GrainKube.Resources.Tests.Core.Pods;

public sealed class PodValidatorTests
{
    public static TheoryData<string, string[]> Wrong => new()
    {
        {
            """
            {"metadata":{"name":"p0"},"spec":{"hostUsers":false,"hostNetwork":true,"setHostnameAsFQDN":true,"hostnameOverride":"a.b","volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"x"}}],"containers":[{"name":"c","image":"a","volumeDevices":[{"name":"v","devicePath":"/d"}]}]}}
            """,
            [
                """spec.containers[0].volumeDevices: Forbidden: when `hostUsers` is false""",
                """spec.hostNetwork: Forbidden: when `hostUsers` is false""",
                """spec.hostnameOverride: Forbidden: cannot be set when hostNetwork is true""",
                """spec.hostnameOverride: Forbidden: cannot be set when setHostnameAsFQDN is true""",
            ]
        },
        {
            """
            {"metadata":{"name":"p2"},"spec":{"containers":[{"name":"C","image":"","ports":[{"containerPort":0},{"containerPort":70000,"name":"toolongportnamehere"},{"containerPort":80,"hostPort":80},{"containerPort":81,"hostPort":80,"protocol":"FOO"}],"env":[{"name":""},{"name":"a b"},{"name":"X","value":"1","valueFrom":{"fieldRef":{"fieldPath":"spec.foo"}}},{"name":"Y","valueFrom":{}},{"name":"Z","valueFrom":{"resourceFieldRef":{"resource":"limits.foo"}}}]}]}}
            """,
            [
                """spec.containers[0].env[0].name: Required value""",
                """spec.containers[0].env[2].valueFrom.fieldRef.fieldPath: Invalid value: "spec.foo": error converting fieldPath: field label not supported: spec.foo""",
                """spec.containers[0].env[2].valueFrom: Invalid value: "": may not be specified when `value` is not empty""",
                """spec.containers[0].env[3].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`""",
                "spec.containers[0].env[4].valueFrom.resourceFieldRef.resource: Unsupported value: \"limits.foo\": supported values: \"limits.cpu\", \"limits.ephemeral-storage\", \"limits.memory\", \"requests.cpu\", \"requests.ephemeral-storage\", \"requests.memory\"",
                """spec.containers[0].image: Required value""",
                """spec.containers[0].name: Invalid value: "C": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')""",
                """spec.containers[0].ports[0].containerPort: Required value""",
                """spec.containers[0].ports[1].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive""",
                """spec.containers[0].ports[1].name: Invalid value: "toolongportnamehere": must be no more than 15 characters""",
                "spec.containers[0].ports[3].protocol: Unsupported value: \"FOO\": supported values: \"SCTP\", \"TCP\", \"UDP\"",
            ]
        },
        {
            """
            {"metadata":{"name":"p3"},"spec":{"restartPolicy":"Foo","dnsPolicy":"None","containers":[{"name":"c","image":"a","volumeMounts":[{"name":"nope","mountPath":"/a"},{"name":"v","mountPath":"/a"},{"name":"v","mountPath":"/b","subPath":"../x"}]},{"name":"c","image":" b"}],"volumes":[{"name":"v"},{"name":"v","emptyDir":{},"hostPath":{"path":"/x/../y"}},{"name":"V_","configMap":{"name":"","defaultMode":1000,"items":[{"key":"","path":"/abs"}]}}]}}
            """,
            [
                """spec.containers[0].volumeMounts.subPath: Invalid value: "../x": must not contain '..'""",
                "spec.containers[0].volumeMounts[0].name: Not found: \"nope\"",
                """spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/a": must be unique""",
                """spec.containers[1].image: Invalid value: " b": must not have leading or trailing whitespace""",
                "spec.containers[1].name: Duplicate value: \"c\"",
                """spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None""",
                "spec.restartPolicy: Unsupported value: \"Foo\": supported values: \"Always\", \"OnFailure\", \"Never\"",
                """spec.volumes[1].hostPath: Forbidden: may not specify more than 1 volume type""",
                "spec.volumes[1].name: Duplicate value: \"v\"",
                """spec.volumes[2].configMap.defaultMode: Invalid value: 1000: must be a number between 0 and 0777 (octal), both inclusive""",
                """spec.volumes[2].configMap.items[0].key: Required value""",
                """spec.volumes[2].configMap.items[0].path: Invalid value: "/abs": must be a relative path""",
                """spec.volumes[2].configMap.name: Required value""",
                """spec.volumes[2].name: Invalid value: "V_": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')""",
            ]
        },
        {
            """
            {"metadata":{"name":"p4"},"spec":{"containers":[{"name":"c","image":"a","resources":{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"2","memory":"-1","foo":"1","example.com/gpu":"1"}},"livenessProbe":{"httpGet":{"port":0},"exec":{"command":["a"]},"successThreshold":2,"periodSeconds":-1},"readinessProbe":{},"lifecycle":{"preStop":{"exec":{}}}}]}}
            """,
            [
                """spec.containers[0].lifecycle.preStop.exec.command: Required value""",
                """spec.containers[0].livenessProbe.httpGet: Forbidden: may not specify more than 1 handler type""",
                """spec.containers[0].livenessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0""",
                """spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1""",
                """spec.containers[0].readinessProbe: Required value: must specify a handler type""",
                """spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources""",
                """spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1""",
                """spec.containers[0].resources.requests[foo]: Invalid value: "foo": must be a standard resource for containers""",
                """spec.containers[0].resources.requests[foo]: Invalid value: "foo": must be a standard resource type or fully qualified""",
                """spec.containers[0].resources.requests[memory]: Invalid value: "-1": must be greater than or equal to 0""",
            ]
        },
        {
            """
            {"metadata":{"name":"p5"},"spec":{"containers":[{"name":"c","image":"a:1","resources":{"limits":{"cpu":"1000m","memory":"1024Mi"}}}],"tolerations":[{"key":"a","operator":"Foo"},{"operator":"Equal"},{"key":"b","operator":"Exists","value":"x","tolerationSeconds":5,"effect":"Bar"}],"nodeSelector":{"a b":"c"},"topologySpreadConstraints":[{"maxSkew":0,"topologyKey":"","whenUnsatisfiable":"x"}]}}
            """,
            [
                """spec.nodeSelector: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')""",
                "spec.tolerations[0].operator: Unsupported value: \"Foo\": supported values: \"Equal\", \"Exists\"",
                "spec.tolerations[1].operator: Invalid value: \"Equal\": operator must be Exists when `key` is empty, which means \"match all values and all keys\"",
                """spec.tolerations[2].effect: Invalid value: "Bar": effect must be 'NoExecute' when `tolerationSeconds` is set""",
                "spec.tolerations[2].effect: Unsupported value: \"Bar\": supported values: \"NoSchedule\", \"PreferNoSchedule\", \"NoExecute\"",
                """spec.tolerations[2].operator: Invalid value: "x": value must be empty when `operator` is 'Exists'""",
                """spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero""",
                """spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty""",
                "spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: \"x\": supported values: \"DoNotSchedule\", \"ScheduleAnyway\"",
            ]
        },
        {
            """
            {"metadata":{"name":"p6"},"spec":{"containers":[{"name":"c","image":"a:1","resources":{"limits":{"cpu":"1000m","memory":"1024Mi"}}}],"hostNetwork":true,"terminationGracePeriodSeconds":5,"volumes":[{"name":"a","secret":{"secretName":"x"}},{"name":"b","projected":{"sources":[{"serviceAccountToken":{"path":"t"}},{"downwardAPI":{"items":[{"path":"l","fieldRef":{"fieldPath":"metadata.labels"}}]}}]}},{"name":"c","hostPath":{"path":"/x"}}]}}
            """,
            [
                """spec.volumes[1].projected.sources[0].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not set""",
            ]
        },
        {
            """
            {"metadata":{"name":"p7"},"spec":{"containers":[{"name":"c","image":"a:latest","ports":[{"containerPort":80}],"env":[{"name":"N","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}},{"name":"R","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu"}}}],"livenessProbe":{"httpGet":{"port":80}},"readinessProbe":{"tcpSocket":{"port":"http"},"timeoutSeconds":0}}],"hostNetwork":true,"initContainers":[{"name":"i","image":"b@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","livenessProbe":{"exec":{"command":["a"]}}}]}}
            """,
            [
                """spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always""",
            ]
        },
        {
            """
            {"metadata":{"name":"p8"},"spec":{"containers":[{"name":"c","image":"a:latest","ports":[{"containerPort":80}],"env":[{"name":"N","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}},{"name":"R","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu"}}}],"livenessProbe":{"httpGet":{"port":80}},"readinessProbe":{"tcpSocket":{"port":"http"},"timeoutSeconds":0}}],"hostNetwork":true,"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[]}},"podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":101,"podAffinityTerm":{"topologyKey":""}}]}},"securityContext":{"runAsUser":-1,"sysctls":[{"name":"A"}]}}}
            """,
            [
                """spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term""",
                """spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.topologyKey: Invalid value: "": name part must be non-empty""",
                """spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.topologyKey: Invalid value: "": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')""",
                """spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.topologyKey: Required value: can not be empty""",
                """spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 101: must be in the range 1-100""",
                """spec.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive""",
                """spec.securityContext.sysctls[0].name: Invalid value: "A": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$""",
            ]
        },
        {
            """
            {"metadata":{"name":"p9"},"spec":{"containers":[{"name":"c","image":"a:latest","securityContext":{"allowPrivilegeEscalation":false,"privileged":true,"procMount":"X"},"imagePullPolicy":"Foo","terminationMessagePolicy":"Bar","volumeDevices":[{"name":"x","devicePath":"/a"}]}],"dnsConfig":{"nameservers":["a"],"searches":["A"],"options":[{"value":"x"}]},"hostAliases":[{"ip":"x","hostnames":["A"]}],"activeDeadlineSeconds":0,"hostname":"a.b","subdomain":"A","priorityClassName":"A","serviceAccountName":"default","readinessGates":[{"conditionType":"a b"}],"preemptionPolicy":"x"}}
            """,
            [
                """spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive""",
                "spec.containers[0].imagePullPolicy: Unsupported value: \"Foo\": supported values: \"Always\", \"IfNotPresent\", \"Never\"",
                "spec.containers[0].securityContext.procMount: Unsupported value: \"X\": supported values: \"Default\", \"Unmasked\"",
                """spec.containers[0].securityContext: Invalid value: {"allowPrivilegeEscalation":false,"privileged":true,"procMount":"X"}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true""",
                "spec.containers[0].terminationMessagePolicy: Unsupported value: \"Bar\": supported values: \"File\", \"FallbackToLogsOnError\"",
                "spec.containers[0].volumeDevices[0].name: Not found: \"x\"",
                """spec.dnsConfig.nameservers[0]: Invalid value: "a": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)""",
                """spec.dnsConfig.options[0]: Required value: must not be empty""",
                """spec.dnsConfig.searches[0]: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')""",
                """spec.hostAliases[0].hostnames[0]: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')""",
                """spec.hostAliases[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)""",
                """spec.hostname: Invalid value: "a.b": must not contain dots""",
                "spec.preemptionPolicy: Unsupported value: \"x\": supported values: \"PreemptLowerPriority\", \"Never\"",
                """spec.priorityClassName: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')""",
                """spec.readinessGates[0].conditionType: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')""",
                """spec.subdomain: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')""",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Everything_wrong_is_told_at_once(string json, string[] errors) => Assert.Equal(errors, Written.Create("pods", json).Errors);
}
